import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LegOrder } from './leg-orders.js';
import { PlayoutQueue } from './playout-queue.js';
import { TwilioPlayout } from './twilio-playout.js';
import { TwilioStreamWriter } from './twilio-stream.js';

const FRAME = 160;

/** Twilio's end of a stream in virtual time: a frame each 20 ms, marks given back when their turn comes and at once by `clear`, `wayMs` each way. */
class Twilio {
  readonly playout = new TwilioPlayout(new TwilioStreamWriter('MZ1'));
  readonly heard: { readonly frame: number; readonly atMs: number }[] = [];
  readonly reported: { readonly mark: string; readonly atMs: number }[] = [];
  now = 0;
  private queue: (number | string)[] = [];
  private onTheWay: { readonly atMs: number; readonly act: () => void }[] = [];
  private nextTick = 0;

  constructor(private readonly wayMs: number) {}

  give(order: LegOrder): void {
    const texts = this.playout.take(order, this.now);
    this.later(() => texts.forEach((text) => this.take(JSON.parse(text) as Parameters<Twilio['take']>[0])));
  }

  run(ms: number): void {
    for (const until = this.now + ms; this.now < until; ) {
      this.now += 1;
      for (let due = this.due(); due !== undefined; due = this.due()) due.act();
      if (this.now >= this.nextTick) this.tick();
    }
  }

  private due(): { readonly act: () => void } | undefined {
    const first = this.onTheWay[0];
    return first !== undefined && first.atMs <= this.now ? this.onTheWay.shift() : undefined;
  }

  private later(act: () => void): void {
    this.onTheWay.push({ atMs: this.now + this.wayMs, act });
  }

  private take(message: { readonly event: string; readonly media?: { readonly payload: string }; readonly mark?: { readonly name: string } }): void {
    if (message.media) for (const bytes = Buffer.from(message.media.payload, 'base64'), at = { n: 0 }; at.n < bytes.length; at.n += FRAME) this.queue.push(bytes.readUInt32BE(at.n));
    if (message.mark) this.queue.push(message.mark.name);
    if (message.event === 'clear') for (const entry of this.queue.splice(0)) if (typeof entry === 'string') this.giveBack(entry);
  }

  private tick(): void {
    this.nextTick += 20;
    while (typeof this.queue[0] === 'string') this.giveBack(String(this.queue.shift()));
    const frame = this.queue.shift();
    if (typeof frame === 'number') this.heard.push({ frame, atMs: this.now });
  }

  private giveBack(name: string): void {
    this.later(() => {
      const report = this.playout.markCame(name, this.now);
      if (report?.kind === 'played') this.reported.push({ mark: report.mark, atMs: this.now });
    });
  }
}

/** Frames that carry their own number. */
function frames(from: number, count: number): Uint8Array {
  const bytes = Buffer.alloc(count * FRAME);
  for (let n = 0; n < count; n += 1) bytes.writeUInt32BE(from + n, n * FRAME);
  return bytes;
}

type Step = { readonly kind: 'audio'; readonly count: number } | { readonly kind: 'mark' | 'pause' | 'proceed' | 'flush' } | { readonly kind: 'wait'; readonly ms: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('audio' as const), count: fc.integer({ min: 1, max: 15 }) }) },
    { weight: 4, arbitrary: fc.constant<Step>({ kind: 'mark' }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 400 }) }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'pause' }, { kind: 'proceed' }, { kind: 'flush' }) },
  ),
  { maxLength: 60 },
);

describe('orders to Twilio', () => {
  it('play what was given, in order and once, and report each mark when all before it was heard', () => {
    fc.assert(
      fc.property(steps.map((list) => list.filter(({ kind }) => kind !== 'pause' && kind !== 'proceed' && kind !== 'flush')), fc.integer({ min: 0, max: 150 }), (list, wayMs) => {
        const twilio = new Twilio(wayMs);
        const marks: number[] = [];
        let given = 0;
        for (const step of list) {
          if (step.kind === 'wait') twilio.run(step.ms);
          else if (step.kind === 'audio') twilio.give({ kind: 'audio', bytes: frames((given += step.count) - step.count, step.count) });
          else if (step.kind === 'mark') {
            twilio.give({ kind: 'mark', mark: String(marks.length) });
            marks.push(given);
          }
        }
        twilio.run(given * 20 + 2 * wayMs + 100);
        expect(twilio.heard.map(({ frame }) => frame)).toEqual(Array.from({ length: given }, (_, n) => n));
        expect(twilio.reported.map(({ mark }) => mark)).toEqual(marks.map((_, n) => String(n)));
        for (const [n, { atMs }] of twilio.reported.entries()) expect(twilio.heard.filter((heard) => heard.atMs <= atMs).length).toBeGreaterThanOrEqual(marks[n]!);
      }),
    );
  });

  it('stand still in a pause and go on where they were: at most a frame is lost, and no more heard twice than was under way', () => {
    fc.assert(
      fc.property(steps.map((list) => list.filter(({ kind }) => kind !== 'flush')), fc.integer({ min: 0, max: 150 }), (list, wayMs) => {
        const twilio = new Twilio(wayMs);
        let [given, marks, pauses, heardInPauses] = [0, 0, 0, 0];
        let paused = false;
        for (const step of list) {
          if (step.kind === 'wait') {
            if (paused) twilio.run(wayMs + 20);
            const settled = twilio.heard.length;
            twilio.run(step.ms);
            if (paused) heardInPauses += twilio.heard.length - settled;
          } else if (step.kind === 'audio') {
            twilio.give({ kind: 'audio', bytes: frames((given += step.count) - step.count, step.count) });
            // As PlayoutQueue does: whatever is sent into silence is marked at once.
            twilio.give({ kind: 'mark', mark: `after ${given}` });
          } else if (step.kind === 'mark') {
            twilio.give({ kind: 'mark', mark: String((marks += 1)) });
          } else {
            if (step.kind === 'pause' && !paused) pauses += 1;
            paused = step.kind === 'pause';
            twilio.give(step as LegOrder);
          }
        }
        twilio.give({ kind: 'proceed' });
        twilio.run(given * 40 + 10 * wayMs + 2_000);
        const heard = twilio.heard.map(({ frame }) => frame);
        expect(heardInPauses).toBe(0);
        const missing = given - new Set(heard).size;
        expect(missing).toBeLessThanOrEqual(pauses);
        expect(heard.length - new Set(heard).size).toBeLessThanOrEqual(pauses * (Math.ceil((2 * wayMs) / 20) + 16));
        expect(twilio.reported.filter(({ mark }) => !mark.startsWith('after')).map(({ mark }) => mark)).toEqual(Array.from({ length: marks }, (_, n) => String(n + 1)));
      }),
    );
  });

  it('fall silent at a flush: nothing of what was given before is heard when the order has arrived, and no mark of it is reported', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 150 }), (list, wayMs) => {
        const twilio = new Twilio(wayMs);
        let given = 0;
        const give = (step: Step): void => {
          if (step.kind === 'wait') twilio.run(step.ms);
          else if (step.kind === 'audio') twilio.give({ kind: 'audio', bytes: frames((given += step.count) - step.count, step.count) });
          else twilio.give(step.kind === 'mark' ? { kind: 'mark', mark: String(given) } : { kind: step.kind });
        };
        list.forEach(give);
        twilio.give({ kind: 'flush' });
        const reported = twilio.reported.length;
        twilio.run(wayMs + 1);
        const atMs = twilio.now;
        const before = given;
        twilio.give({ kind: 'proceed' });
        give({ kind: 'audio', count: 3 });
        twilio.run(2_000);
        expect(twilio.heard.filter((heard) => heard.atMs > atMs).map(({ frame }) => frame)).toEqual([before, before + 1, before + 2]);
        expect(twilio.reported.length).toBe(reported);
      }),
    );
  });
});

/** An utterance of four seconds, given as the dialogue gives it. */
function utterance(wayMs: number): { readonly twilio: Twilio; readonly queue: PlayoutQueue; readonly run: (ms: number) => void } {
  const twilio = new Twilio(wayMs);
  const queue = new PlayoutQueue({ aheadFrames: 100 });
  let reported = 0;
  const pump = (): void => {
    for (; reported < twilio.reported.length; reported += 1) queue.receive({ kind: 'played', mark: twilio.reported[reported]!.mark }, twilio.now);
    queue.outgoing(twilio.now).forEach((order) => twilio.give(order));
  };
  queue.append('one', frames(0, 200));
  queue.endItem('one');
  const run = (ms: number): void => {
    for (const until = twilio.now + ms; twilio.now < until; pump()) {
      pump();
      twilio.run(5);
    }
  };
  return { twilio, queue, run };
}

describe('what was heard', () => {
  it.each([0, 40, 120])('goes on after a pause where it was, however far into a message that is; the way there and back (%i ms each) is heard twice', (wayMs) => {
    for (let pausedAt = 400; pausedAt <= 900; pausedAt += 45) {
      const { twilio, queue, run } = utterance(wayMs);
      run(pausedAt);
      queue.pause(twilio.now).forEach((order) => twilio.give(order));
      run(wayMs + 300);
      const before = twilio.heard.length;
      run(500);
      expect(twilio.heard.length).toBe(before);
      queue.proceed(twilio.now).forEach((order) => twilio.give(order));
      run(6_000);
      const heard = twilio.heard.map(({ frame }) => frame);
      expect([...new Set(heard)]).toEqual(Array.from({ length: 200 }, (_, n) => n));
      expect(heard.length - 200).toBeLessThanOrEqual(Math.ceil((3 * wayMs) / 20) + 2);
    }
  });

  it.each([0, 40, 120])('is never more than what was, but for a frame at the beginning, and less by what the way (%i ms each) takes', (wayMs) => {
    const { twilio, queue, run } = utterance(wayMs);
    for (let ms = 0; ms < 3_000; ms += 5) {
      run(5);
      const heardMs = queue.heard(twilio.now)[0]?.heardMs ?? 0;
      // The first frame is believed before its mark has come.
      expect(heardMs).toBeLessThanOrEqual(Math.max(1, twilio.heard.length) * 20);
      // Before the first mark has come back nothing is believed.
      expect(heardMs).toBeGreaterThanOrEqual(twilio.heard.length > 15 ? twilio.heard.length * 20 - 2 * wayMs - 60 : 0);
    }
    const { cut, orders } = queue.flush(twilio.now);
    orders.forEach((order) => twilio.give(order));
    twilio.run(wayMs + 1);
    const heard = twilio.heard.length;
    twilio.run(1_000);
    expect(twilio.heard.length).toBe(heard);
    expect(heard * 20 - cut[0]!.heardMs).toBeLessThanOrEqual(3 * wayMs + 60);
  });
});
