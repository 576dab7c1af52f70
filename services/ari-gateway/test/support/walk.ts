import { CallEndedV1, CallStartedV1, type CallView } from '@troncal/contracts';
import type { IncomingCall, SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import fc from 'fast-check';
import type { GatewayLab } from './gateway-lab.js';
import type { Party } from './conversation.js';

export const EXTENSIONS = ['201', '202', '203', '204', '205', '206'] as const;
const ROOMS = ['red', 'blue'] as const;

/** Phones that ring, talk and hang up, and calls that are steered, as a walk goes on. */
export class Walk {
  readonly steps: string[] = [];
  private readonly ringing = new Map<number, IncomingCall[]>();
  /** What the next phone does that rings, in turn: mostly it answers. */
  private manners: readonly number[] = [];

  constructor(
    readonly lab: GatewayLab,
    readonly phones: readonly SipPhone[],
  ) {
    for (const [index, phone] of phones.entries()) {
      phone.onIncoming(async (call) => {
        const [manner = 0, ...rest] = this.manners;
        this.manners = [...rest, manner];
        if (manner === 9) return call.reject(486);
        if (manner < 7) await call.answer().catch(() => {});
        else this.ringing.set(index, [...(this.ringing.get(index) ?? []), call]);
      });
    }
  }

  /** Begins with two conversations, so that there is something to steer. */
  async begin(manners: readonly number[]): Promise<void> {
    this.steps.length = 0;
    this.manners = [0];
    for (const [from, to] of [[0, 1], [2, 3]] as const) await (await this.phone(from).call(EXTENSIONS[to])).answered();
    this.manners = manners;
  }

  phone(index: number): SipPhone {
    const phone = this.phones[index % this.phones.length];
    if (!phone) throw new Error('no phones');
    return phone;
  }

  /** The first phone from there on that is in no call. */
  idle(from: number): number | undefined {
    return Array.from(this.phones.keys(), (_, step) => (from + step) % this.phones.length).find((at) => this.phone(at).activeCalls.length === 0);
  }

  /** The next call that rings at a phone and is not over. */
  takeRinging(index: number): IncomingCall | undefined {
    const at = index % this.phones.length;
    const waiting = (this.ringing.get(at) ?? []).filter((call) => call.callEnd === undefined && !call.isAnswered);
    this.ringing.set(at, waiting.slice(1));
    return waiting[0];
  }

  talking(index: number): Party | undefined {
    return this.phone(index).activeCalls.find((call) => call.isAnswered);
  }

  /** The live calls, the oldest first. */
  async live(): Promise<CallView[]> {
    const { calls } = await this.lab.api().expect<{ calls: CallView[] }>('GET', '/api/calls?live&limit=200');
    return calls.toReversed();
  }

  /** Steers a call: done, or refused in so many words; anything else fails the walk. */
  async steer(pick: number, method: string, path: string, body?: object): Promise<void> {
    const calls = await this.live();
    const call = calls[pick % Math.max(1, calls.length)];
    if (!call) return;
    const answer = await this.lab.api().send<{ code?: string; detail?: string }>(method, `/api/calls/${call.callId}/${path}`, body);
    this.steps.push(`  ${call.callId.slice(-6)} at ${call.at}: ${answer.status} ${answer.body.code ?? ''}`);
    if (answer.status === 200 || answer.status === 201) return;
    const known = answer.status === 409 || answer.status === 404 || (answer.status === 422 && answer.body.code === 'same_call');
    if (!known || !answer.body.code || !answer.body.detail) throw new Error(`${method} ${path} of a call at ${call.at} answered ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** What HTTP says of the calls and what Asterisk has are the same: each live leg has its channel, each channel its leg, each live recording its call. */
  async agree(): Promise<void> {
    await eventually('HTTP and Asterisk agree', async () => {
      const [calls, channels] = await Promise.all([this.live(), this.lab.ari.channels.list()]);
      const there = new Set(channels.map((channel) => channel.id));
      const legs = calls.flatMap((call) => call.legs.slice(1).filter((leg) => leg.state !== 'ended').map((leg) => leg.legId));
      const lost = legs.filter((legId) => !there.has(legId));
      // In our application, or by an id of ours. Whoever called while the gateway was dead is with the dialplan's fallback, and none of ours.
      const ours = channels.filter((channel) => channel.dialplan.app_data.startsWith('troncal,') || /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(channel.id));
      const callers = ours.filter((channel) => channel.dialplan.app_data.startsWith('troncal,inbound')).length;
      const strange = ours.filter((channel) => !channel.dialplan.app_data.startsWith('troncal,inbound') && !legs.includes(channel.id) && !legs.includes(channel.id.replace(/-(?:room|queue)$/, '')));
      if (lost.length > 0) throw new Error(`legs without a channel: ${lost.join(', ')}`);
      if (strange.length > 0) throw new Error(`channels without a leg: ${strange.map((channel) => `${channel.name} ${channel.id}`).join(', ')}`);
      if (callers !== calls.length) throw new Error(`${callers} callers in Asterisk, ${calls.length} live calls`);
      return true;
    }, 15_000);
  }

  /** Everybody hangs up; then nothing is left anywhere, and each call has ended once. */
  async end(): Promise<void> {
    for (const call of this.phones.flatMap((phone) => [...phone.activeCalls])) await call.hangup().catch(() => {});
    await eventually('no call is live', async () => (await this.live()).length === 0, 20_000);
    await this.lab.nothingLeft();
    const started = this.lab.of(CallStartedV1).map((event) => event.data.callId);
    await eventually('each call has ended once', () => {
      const ended = this.lab.of(CallEndedV1).map((event) => event.data.callId);
      if (new Set(ended).size !== ended.length) throw new Error('a call ended twice');
      return started.every((callId) => ended.includes(callId));
    }, 20_000);
  }
}

/** One step of a walk. */
type Step = (walk: Walk) => Promise<unknown>;

function command(name: string, step: Step): fc.AsyncCommand<object, Walk> {
  return {
    check: () => true,
    run: async (_model, walk) => {
      walk.steps.push(name);
      await step(walk);
    },
    toString: () => name,
  };
}

const index = fc.nat(EXTENSIONS.length - 1);
const pick = fc.nat(3);
const extension = fc.constantFrom(...EXTENSIONS);
const steered = (name: string, method: string, path: string, body: fc.Arbitrary<object | undefined> = fc.constant(undefined)): fc.Arbitrary<fc.AsyncCommand<object, Walk>> =>
  fc.tuple(pick, body).map(([which, given]) => command(`${name} ${which} ${JSON.stringify(given ?? {})}`, (walk) => walk.steer(which, method, path, given)));

/** Phones: they call each other and slots, answer, refuse, press digits, hang up. */
const PHONES = [
  ...[1, 2, 3, 4].map(() =>
    fc.tuple(index, extension).map(([from, to]) =>
      command(`${EXTENSIONS[from]}, or the next that is idle, calls ${to}`, async (walk) => {
        const caller = walk.idle(from);
        if (caller !== undefined && EXTENSIONS[caller] !== to) await walk.phone(caller).call(to);
      }),
    ),
  ),
  fc.constant(command('whoever rings answers', async (walk) => {
    for (const at of EXTENSIONS.keys()) await walk.takeRinging(at)?.answer().catch(() => {});
  })),
  index.map((at) => command(`${EXTENSIONS[at]} hangs up`, async (walk) => walk.talking(at)?.hangup().catch(() => {}))),
  fc.tuple(index, fc.constantFrom('0', '5', '#')).map(([at, digit]) => command(`${EXTENSIONS[at]} presses ${digit}`, async (walk) => walk.talking(at)?.sendDigits(digit).catch(() => {}))),
  fc.tuple(index, fc.constantFrom('70', '71')).map(([at, slot]) =>
    command(`${EXTENSIONS[at]} dials *85${slot}`, async (walk) => {
      if (walk.phone(at).activeCalls.length === 0) await walk.phone(at).call(`*85${slot}`);
    }),
  ),
  ...[1, 2].map(() => fc.integer({ min: 20, max: 300 }).map((ms) => command(`${ms} ms pass`, () => new Promise((resolve) => setTimeout(resolve, ms))))),
];

/** Verbs, each with what it may be given. */
const VERBS = [
  steered('hold', 'POST', 'hold'),
  steered('resume', 'POST', 'resume'),
  steered('park', 'POST', 'park', fc.record({ timeoutMs: fc.constantFrom(1_000, 60_000) })),
  steered('pickup', 'POST', 'pickup', fc.record({ extension, timeoutMs: fc.constant(1_500) })),
  steered('transfer', 'POST', 'transfer', fc.record({ extension, timeoutMs: fc.constant(1_500), onNoAnswer: fc.constantFrom('return', 'end') })),
  steered('warm transfer', 'POST', 'warm-transfer', fc.record({ extension, timeoutMs: fc.constant(1_500), briefing: fc.constant('hola') })),
  steered('complete', 'POST', 'warm-transfer/complete'),
  steered('cancel', 'POST', 'warm-transfer/cancel'),
  steered('conference', 'POST', 'conference', fc.record({ conference: fc.constantFrom(...ROOMS) })),
  steered('leave', 'DELETE', 'conference'),
  steered('listen', 'POST', 'snoop', fc.record({ extension, mode: fc.constantFrom('listen', 'whisper'), party: fc.constantFrom('caller', 'other'), timeoutMs: fc.constant(1_500) })),
  steered('record', 'POST', 'recording', fc.record({ channels: fc.constantFrom('mono', 'stereo') })),
  steered('pause', 'POST', 'recording/pause'),
  steered('go on recording', 'POST', 'recording/resume'),
  steered('stop recording', 'DELETE', 'recording'),
  steered('play', 'POST', 'play', fc.constant({ sound: 'jingle' })),
  steered('say', 'POST', 'say', fc.constant({ text: 'hola' })),
  steered('stop playing', 'DELETE', 'play'),
  steered('digits', 'POST', 'dtmf', fc.record({ digits: fc.constant('12'), to: fc.constantFrom('caller', 'other') })),
  steered('hang up', 'POST', 'hangup'),
  fc.tuple(pick, pick).map(([one, other]) =>
    command(`bridge ${one} ${other}`, async (walk) => {
      const calls = await walk.live();
      const second = calls[(one + 1 + other) % Math.max(1, calls.length)];
      if (second) await walk.steer(one, 'POST', 'bridge', { with: second.callId });
    }),
  ),
  pick.map((which) =>
    command(`stop listening ${which}`, async (walk) => {
      const calls = await walk.live();
      const at = calls.findIndex((call) => call.snoops.length > 0);
      if (at >= 0) await walk.steer(at, 'DELETE', `snoop/${calls[at]?.snoops[0]?.snoopId}`);
    }),
  ),
];

/** The gateway dies and comes back. Rare: each takes seconds. */
const KILL = fc.constant(command('kill -9 of the gateway', (walk) => walk.lab.killAndStart()));

/** Walks: a beginning, then mostly verbs and phones, now and then a death. */
export const walks = (length: number): fc.Arbitrary<[number[], fc.AsyncCommand<object, Walk>[]]> =>
  fc.tuple(
    fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }),
    fc.array(fc.oneof({ weight: 12, arbitrary: fc.oneof(...PHONES) }, { weight: 20, arbitrary: fc.oneof(...VERBS) }, { weight: 1, arbitrary: KILL }), { minLength: length, maxLength: length }),
  );
