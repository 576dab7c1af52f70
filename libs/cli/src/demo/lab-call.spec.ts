import { silence, tone } from '@troncal/audio';
import type { Envelope } from '@troncal/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checksOf } from './checks.js';
import { delaysOf } from './delays.js';
import { Ear } from './ear.js';
import { runLabCall } from './lab-call.js';
import type { LabNotes } from './notes.js';
import type { Line, Phone, PlacedCall, RingingCall, Sent } from './phone.js';

const VOICE = tone([300, 900], 20);
const QUESTION = tone([400, 1_100], 1_800);
const INTERRUPTION = tone([400, 1_100], 900);
const after = (ms: number, act: () => void): void => void setTimeout(act, ms);

/** How the far end behaves; the defaults make a good call. Times in ms. */
interface Behaviour {
  readonly greets?: boolean;
  readonly heedsInterruption?: boolean;
  readonly music?: boolean;
  readonly personIsMute?: boolean;
  readonly rings?: boolean;
  /** Hangs up so long after the answer. */
  readonly dropsAfterMs?: number;
}

/** The two phones and everything between them, on a clock that only moves when told: what Asterisk and the agent would do. */
class FarEnd {
  readonly caller = new Ear();
  readonly person = new Ear();
  private toCaller: Int16Array | undefined;
  private lines = 0;
  private ring: (call: RingingCall) => void = () => {};
  private readonly frames = setInterval(() => this.caller.hear(this.toCaller ?? silence(20)), 20);
  readonly over = new AbortController();
  private endOfPerson: (at: number) => void = () => {};

  constructor(private readonly behaviour: Behaviour) {}

  phones(): { caller: Phone; person: Phone } {
    const common = { register: () => Promise.resolve(), close: () => Promise.resolve(), dial: () => Promise.reject(new Error('no')), nextCall: () => new Promise<RingingCall>((resolve) => (this.ring = resolve)) };
    return { caller: { ...common, extension: '202', dial: () => this.dial() }, person: { ...common, extension: '201' } };
  }

  stop(): void {
    clearInterval(this.frames);
  }

  private agentSpeaks(ms: number): void {
    this.toCaller = VOICE;
    const turn = (this.lines += 1);
    after(ms, () => turn === this.lines && (this.toCaller = undefined));
  }

  private async dial(): Promise<PlacedCall> {
    const invitedAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 60));
    if (this.behaviour.greets !== false) after(200, () => this.agentSpeaks(1_500));
    const { dropsAfterMs } = this.behaviour;
    if (dropsAfterMs !== undefined) after(dropsAfterMs, () => this.over.abort(new Error('the other side hung up')));
    let spoken = 0;
    const speak = (samples: Int16Array): Promise<Sent> => {
      spoken += 1;
      if (spoken === 2 && this.behaviour.heedsInterruption !== false) after(200, () => this.agentSpeaks(0));
      return this.send(samples, (sent) => {
        if (spoken === 1) after(500, () => this.agentSpeaks(6_000));
        if (spoken === 2) after(600, () => this.agentSpeaks(1_500));
        if (spoken === 3) this.person.hear(samples, sent.to);
      });
    };
    return { ear: this.caller, invitedAt, answeredAt: performance.now(), speak, press: () => this.pressZero(), hangUp: () => Promise.resolve(this.endOfPerson(performance.now())), ended: new Promise(() => {}), over: this.over.signal };
  }

  private async pressZero(): Promise<Sent> {
    const from = performance.now();
    after(100, () => this.agentSpeaks(800));
    if (this.behaviour.rings === false) return { from, to: from };
    after(1_500, () => {
      if (this.behaviour.music !== false) this.toCaller = VOICE;
      this.ring({ ringingAt: performance.now(), answer: () => Promise.resolve(this.answer()) });
    });
    return { from, to: from + 160 };
  }

  private answer(): Line & { answeredAt: number } {
    this.toCaller = undefined;
    const ended = new Promise<number>((resolve) => (this.endOfPerson = resolve));
    const speak = (samples: Int16Array): Promise<Sent> => this.send(samples, (sent) => this.behaviour.personIsMute !== true && this.caller.hear(samples, sent.to));
    return { ear: this.person, answeredAt: performance.now(), speak, press: () => Promise.reject(new Error('no')), hangUp: () => Promise.resolve(), ended, over: this.over.signal };
  }

  private send(samples: Int16Array, then: (sent: Sent) => void): Promise<Sent> {
    const from = performance.now();
    return new Promise((resolve) =>
      after(samples.length / 8, () => {
        const sent = { from, to: performance.now() };
        then(sent);
        resolve(sent);
      }),
    );
  }
}

describe('the lab call', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] }));
  afterEach(() => vi.useRealTimers());

  /** Holds the call in no time and gives what was noted, and what stopped it. */
  async function hold(behaviour: Behaviour, signal = new AbortController().signal): Promise<{ notes: LabNotes; stoppedBy: unknown }> {
    const farEnd = new FarEnd(behaviour);
    const notes: LabNotes = { events: [] };
    const begun = performance.now() + 250;
    let done = false;
    let stoppedBy: unknown;
    const call = runLabCall(
      { ...farEnd.phones(), dial: '100', question: QUESTION, interruption: INTERRUPTION, event: () => Promise.resolve({ time: 'x' } as Envelope), timeOf: () => begun, narrate: () => {}, signal },
      notes,
    )
      .catch((error: unknown) => (stoppedBy = error))
      .finally(() => (done = true));
    while (!done) await vi.advanceTimersByTimeAsync(100);
    await call;
    farEnd.stop();
    return { notes, stoppedBy };
  }
  const atPhones = (notes: LabNotes): string[] => checksOf(notes).slice(0, 10).filter((check) => !check.ok).map((check) => check.name);

  it('goes from the greeting to the person, and measures what happens at the phone', async () => {
    const { notes, stoppedBy } = await hold({});
    expect(stoppedBy).toBeUndefined();
    expect(atPhones(notes)).toEqual([]);
    const delays = Object.fromEntries(delaysOf(notes).map(({ what, ms }) => [what, ms ?? -1]));
    // A frame is 20 ms: what began between two of them is heard with the next.
    const about = (what: string, ms: number): void => expect(Math.abs((delays[what] ?? -1) - ms), `${what}: ${delays[what]}`).toBeLessThanOrEqual(40);
    about('INVITE → first agent audio', 260);
    about('end of question → start of answer', 500);
    about('interruption → silence', 200);
    about('digit 0 → music', 1_500);
  });

  it.each<[string, Behaviour, string]>([
    ['an agent that goes on speaking', { heedsInterruption: false }, 'the agent falls silent when interrupted'],
    ['a queue without music', { music: false }, 'digit 0 brings music'],
    ['a person who can’t be heard', { personIsMute: true }, 'the caller hears the person'],
  ])('sees %s', async (_, behaviour, check) => {
    const { notes, stoppedBy } = await hold(behaviour);
    expect(stoppedBy).toBeUndefined();
    expect(atPhones(notes)).toEqual([check]);
  });

  it.each<[string, Behaviour, RegExp, string]>([
    ['a call that drops', { dropsAfterMs: 1_000 }, /the other side hung up/, 'the agent answers the question'],
    ['an agent that never speaks', { greets: false }, /the first sound: not within 45 s/, 'the agent greets'],
    ['a person whose phone never rings', { rings: false }, /the ringing of 201 took longer than 45000 ms/, 'the person’s phone rings'],
  ])('stops at %s, and keeps what it had seen', async (_, behaviour, message, check) => {
    const { notes, stoppedBy } = await hold(behaviour);
    expect(String(stoppedBy)).toMatch(message);
    expect(notes.answeredAt).toBeDefined();
    expect(atPhones(notes)).toContain(check);
  });

  it('stops when it is told to', async () => {
    const interrupt = new AbortController();
    after(1_000, () => interrupt.abort(new Error('enough')));
    const { stoppedBy } = await hold({}, interrupt.signal);
    expect(String(stoppedBy)).toContain('enough');
  });
});
