import { readFile } from 'node:fs/promises';
import { hearsTone, readWav, type WavAudio } from '@troncal/audio';
import type { CallWithTimeline, EventDefinition, EventOf, StackState } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { EventRecorder, eventually, openStack, openStackPhone, TenantFixture, type ApiClient } from '@troncal/testing';

export const say = (text: string): { say: { es: string } } => ({ say: { es: text } });
export const CALLER_TONE = 650;
export const PERSON_TONE = 1_050;

/** A tenant, phones and ears at the running Troncal, for one suite; `close` leaves nothing behind. */
export class CallLab {
  private readonly phones: SipPhone[] = [];

  private constructor(
    readonly state: StackState,
    readonly readState: () => Promise<StackState>,
    readonly api: ApiClient,
    readonly tenant: TenantFixture,
    readonly events: EventRecorder,
  ) {}

  static async open(prefix: string): Promise<CallLab> {
    const stack = await openStack();
    const state = await stack.state();
    const events = await EventRecorder.open(state);
    return new CallLab(state, () => stack.state(), stack.api, await TenantFixture.create(stack.api, prefix), events);
  }

  /** A phone of the tenant, registered, and known to the edge as reachable. */
  async phone(extension: string, queues: readonly string[] = []): Promise<SipPhone> {
    const phone = await openStackPhone(this.state, await this.tenant.endpoint(extension, queues));
    this.phones.push(phone);
    return phone;
  }

  keep(phone: SipPhone): SipPhone {
    this.phones.push(phone);
    return phone;
  }

  /** The agent, with people behind 0; extension 100. */
  async agentRoute(recorded = false): Promise<void> {
    await this.tenant.route('main', {
      name: 'Main', extension: '100', start: 'agent', recording: { enabled: recorded },
      nodes: {
        agent: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
        people: { kind: 'queue', queue: 'people', timeoutMs: 30_000, onTimeout: 'nobody' },
        nobody: { kind: 'hangup', prompt: say('Nadie puede atenderle ahora.') },
      },
    });
  }

  /** The event of this tenant's call. */
  seen<Data>(definition: EventDefinition<Data>, fits: (event: EventOf<Data>) => boolean = () => true, withinMs = 20_000): Promise<EventOf<Data>> {
    return this.events.seen(definition, (event) => event.tenantid === this.tenant.code && fits(event), withinMs);
  }

  of<Data>(definition: EventDefinition<Data>): EventOf<Data>[] {
    return this.events.of(definition, (event) => event.tenantid === this.tenant.code);
  }

  async call(callId: string): Promise<CallWithTimeline> {
    return this.api.expect('GET', `/api/calls/${callId}`);
  }

  /** A finished recording, as the API gives it out. */
  async recording(recordingId: string): Promise<WavAudio> {
    const key = await this.apiKey();
    const response = await fetch(new URL(`/api/recordings/${recordingId}/audio`, this.api.url), { headers: { authorization: `Bearer ${key}` } });
    if (response.status !== 200 || response.headers.get('content-type') !== 'audio/wav') throw new Error(`the recording answered ${response.status}`);
    return readWav(new Uint8Array(await response.arrayBuffer()));
  }

  /** Waits until the caller's side and the person's hear each other's tone. */
  async hearEachOther(caller: { playTone(hz: number, ms: number): Promise<unknown>; readonly heard: SipPhone['activeCalls'][number]['heard'] }, person: typeof caller): Promise<void> {
    const played = [caller.playTone(CALLER_TONE, 2_500), person.playTone(PERSON_TONE, 2_500)];
    await Promise.all([caller.heard.waitForTone(PERSON_TONE, { timeoutMs: 8_000 }), person.heard.waitForTone(CALLER_TONE, { timeoutMs: 8_000 })]);
    await Promise.all(played);
  }

  async close(): Promise<void> {
    await Promise.all(this.phones.map((phone) => phone.close()));
    await eventually('no call of the suite is live', async () => {
      const { calls } = await this.api.expect<{ calls: unknown[] }>('GET', `/api/calls?live&tenant=${this.tenant.code}`);
      return calls.length === 0;
    });
    await this.tenant.remove();
    await this.events.stop();
  }

  private async apiKey(): Promise<string> {
    return (await readFile(this.state.http.apiKeyFile, 'utf8')).trim();
  }
}

/** Whether a tone of `hz` is in a recording, be it beside another one. */
export function holdsTone({ tracks: [track], rate }: WavAudio, hz: number): boolean {
  return track !== undefined && hearsTone(track, hz, { rate, minRatio: 0.15 });
}

/** How long a recording is, ms. */
export const lengthMs = ({ tracks: [track], rate }: WavAudio): number => ((track?.length ?? 0) * 1_000) / rate;
