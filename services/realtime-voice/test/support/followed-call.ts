import { setTimeout as sleep } from 'node:timers/promises';
import { AttachV1, type CommandDefinition } from '@troncal/contracts';
import { newCallId, newLegId } from '@troncal/kernel';
import type { z } from 'zod';
import { FakeAsterisk } from './fake-asterisk.js';

type Ask = <Q extends z.ZodObject, A extends z.ZodObject>(command: CommandDefinition<Q, A>, data: z.input<Q>, timeoutMs?: number) => Promise<z.output<A>>;

/** As the gateway's (agent-steps.ts), shortened: what comes after would be music. */
const RETRY_MS = [100, 250, 500, 1_000, 2_000, 2_000, 3_000];

/** A caller whom the gateway keeps: when the agent's leg goes it attaches another one, and what the caller hears and says goes on over all of them. */
export class FollowedCall {
  readonly callId = newCallId();
  readonly peers: FakeAsterisk[] = [];
  /** Attempts that failed, in all. */
  failures = 0;
  legId = '';
  private over = false;

  constructor(
    private readonly ask: Ask,
    private readonly mediaPort: () => number,
    private readonly agent: string,
  ) {}

  get peer(): FakeAsterisk {
    return this.peers.at(-1)!;
  }

  async begin(): Promise<this> {
    // As the gateway does: a leg that was turned away for lack of time is followed by another one, and so is a question that went to a process killed just before.
    for (let tries = 1; ; tries += 1) {
      try {
        await this.attach(false);
        return this;
      } catch (error) {
        if (tries === 4 || !/refused with|was not answered/.test(String(error))) throw error;
      }
    }
  }

  /** The agent's process stops in good order: another leg at once. False for a leg that isn't this call's any more. */
  leaving(legId: string): boolean {
    if (this.over || legId !== this.legId) return false;
    const old = this.peer;
    void this.attach(true).catch(() => this.retry());
    old.hangUp();
    return true;
  }

  /** All that was heard since then, over all legs. */
  audio(fromMs = 0): Buffer {
    return Buffer.concat(this.peers.map((peer) => peer.audio(fromMs)));
  }

  /** True when the leg has a process at its other end. */
  async answers(): Promise<boolean> {
    const { socket } = this.peer;
    if (socket.readyState !== socket.OPEN) return false;
    return new Promise((resolve) => {
      socket.once('pong', () => resolve(true));
      socket.once('close', () => resolve(false));
      socket.ping();
    });
  }

  /** The agent's part is over: nobody attaches it again. */
  letEnd(): void {
    this.over = true;
  }

  hangUp(): void {
    this.over = true;
    for (const peer of this.peers) peer.hangUp();
  }

  private async attach(resume: boolean): Promise<void> {
    const legId = newLegId();
    this.legId = legId;
    await this.ask(AttachV1, { callId: this.callId, legId, tenant: 'demo', agent: this.agent, format: 'ulaw', language: 'es', caller: '202', called: '100', resume }, 2_000);
    const before = this.peers.at(-1);
    const peer = await this.connect(legId);
    if (before !== undefined) peer.speak(before.unsaid());
    this.peers.push(peer);
    void peer.closed.then(() => (this.legId === legId ? this.retry() : undefined));
  }

  /** As chan_websocket: refused connections are tried again, four times in all. */
  private async connect(legId: string): Promise<FakeAsterisk> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await FakeAsterisk.connect(this.mediaPort(), legId);
      } catch (error) {
        if (tries === 4) throw error;
        await sleep(500);
      }
    }
  }

  private async retry(): Promise<void> {
    const mine = this.legId;
    for (const wait of RETRY_MS) {
      await sleep(wait);
      if (this.over || this.legId !== mine) return;
      try {
        return await this.attach(true);
      } catch {
        this.failures += 1;
        this.legId = mine;
      }
    }
  }
}
