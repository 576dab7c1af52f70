import { setTimeout as sleep } from 'node:timers/promises';
import { concatSamples, encodeUlaw, silence, tone } from '@troncal/audio';
import { AgentLeavingV1, AttachV1, DetachV1, HandoffV1, HangupV1, SummariseV1 } from '@troncal/contracts';
import { newCallId, newLegId } from '@troncal/kernel';
import { Bus, CommandClient } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { HastyLeg } from './hasty-leg.js';

/** Where the service under load is. */
export interface Target {
  /** `ws://host:port/media` */
  readonly mediaUrl: string;
  /** The gateway's user on the bus. */
  readonly nats: { readonly url: string; readonly user: string; readonly password: string };
}

const says = (hz: number): Uint8Array => encodeUlaw(concatSamples([silence(100), tone(hz, 300), silence(700)]));
/** What the simulated provider understands. */
const QUESTION = says(500);
const PERSON = says(1_450);

/** What a call of this number does out of the ordinary: each way of ending, moving and failing has its turn. */
type Kind = 'plain' | 'rude' | 'resumed' | 'person' | 'never_comes' | 'summarised';
const KINDS: readonly Kind[] = ['plain', 'person', 'plain', 'resumed', 'plain', 'rude', 'summarised', 'plain', 'plain', 'plain', 'plain', 'plain', 'resumed', 'plain', 'person', 'plain', 'plain', 'never_comes', 'plain', 'plain'];

/** Places short calls at a running realtime-voice, as the gateway and Asterisk would. */
export class ShortCalls {
  private made = 0;
  private readonly commands: CommandClient;

  private constructor(
    private readonly bus: Bus,
    private readonly target: Target,
  ) {
    this.commands = new CommandClient(bus);
  }

  static async open(target: Target): Promise<ShortCalls> {
    const bus = new Bus({ ...target.nats, logger: createLogger({ service: 'soak', level: 'error' }) });
    bus.start();
    const connection = await bus.connection();
    for (const [{ subject }, data] of [[HandoffV1, { accepted: true }], [HangupV1, { ended: true }], [AgentLeavingV1, { accepted: false }]] as const) {
      connection.subscribe(subject, { callback: (_, message) => void message.respond(JSON.stringify({ id: message.json<{ id: string }>().id, response: { ok: true, data }, isDisposed: true })) });
    }
    await connection.flush();
    return new ShortCalls(bus, target);
  }

  /** Places `count` calls, so many at a time; resolves with the reasons of those that failed. */
  async place(count: number, atOnce: number): Promise<string[]> {
    const faults: string[] = [];
    let left = count;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const kind = KINDS[this.made++ % KINDS.length] ?? 'plain';
        await this.call(kind).catch((error: unknown) => faults.push(`${kind}: ${String(error)}`));
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
    return faults;
  }

  async close(): Promise<void> {
    await this.bus.close();
  }

  private async call(kind: Kind): Promise<void> {
    const callId = newCallId();
    if (kind === 'never_comes') {
      await this.attach(callId, false);
      return this.detach(callId);
    }
    let leg = await this.leg(callId, false);
    leg.speak(QUESTION.subarray(0, 160));
    await leg.listen();
    leg.speak(kind === 'person' ? PERSON : QUESTION);
    await leg.listen();
    if (kind === 'resumed') {
      leg.close(true);
      leg = await this.leg(callId, true);
      leg.speak(QUESTION);
      await leg.listen();
    }
    if (kind === 'summarised') await this.commands.ask(SummariseV1, { callId }, { timeoutMs: 10_000 });
    // A caller whose leg breaks is waited for, and given up after a while.
    if (kind === 'rude') return leg.close(true);
    await this.detach(callId);
    leg.close();
  }

  private async leg(callId: string, resume: boolean): Promise<HastyLeg> {
    for (let tries = 1; ; tries += 1) {
      const legId = await this.attach(callId, resume);
      try {
        return await HastyLeg.open(`${this.target.mediaUrl}?leg=${legId}`);
      } catch (error) {
        // As the gateway: a leg turned away for lack of time is followed by another one.
        if (tries === 10) throw error;
        await sleep(100);
      }
    }
  }

  private async attach(callId: string, resume: boolean): Promise<string> {
    const legId = newLegId();
    await this.commands.ask(AttachV1, { callId, legId, tenant: 'soak', agent: 'default', format: 'ulaw', language: 'es', caller: '202', called: '100', resume }, { timeoutMs: 20_000 });
    return legId;
  }

  private async detach(callId: string): Promise<void> {
    await this.commands.ask(DetachV1, { callId, reason: 'detached' }, { timeoutMs: 10_000 });
  }
}
