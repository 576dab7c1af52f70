import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LegOrder, LegReport } from './leg-orders.js';
import { PlayoutQueue, type PlayoutNotice } from './playout-queue.js';

/**
 * Asterisk's end of a leg as channels/chan_websocket.c of 22.10.1 has it, in virtual time: one frame a tick, marks answered at the tick
 * that takes the frame after them, FLUSH drops both and leaves the pause, XOFF at 900, nothing taken beyond 1000.
 */
class Leg {
  private queue: (number | string)[] = [];
  private full = false;
  private paused = false;
  private nextTick: number;
  readonly playedFrames: number[] = [];
  longest = 0;

  constructor(
    readonly playout: PlayoutQueue,
    phaseMs = 7,
    private readonly frameBytes = 160,
  ) {
    this.nextTick = phaseMs;
  }

  write(orders: readonly LegOrder[], nowMs: number): PlayoutNotice[] {
    const notices: PlayoutNotice[] = [];
    for (const order of orders) {
      if (order.kind === 'audio') notices.push(...this.queueFrames(order.bytes, nowMs));
      else this.obey(order);
    }
    return notices;
  }

  /** Runs the ticks up to `nowMs`, writing what the playout gives out after each; `lost` ticks play nothing. */
  run(nowMs: number, lost = 0): PlayoutNotice[] {
    const notices: PlayoutNotice[] = [];
    for (let skip = lost; this.nextTick <= nowMs; this.nextTick += 20) {
      if (skip > 0) skip -= 1;
      else notices.push(...this.tick());
      notices.push(...this.write(this.playout.outgoing(this.nextTick), this.nextTick));
    }
    return [...notices, ...this.write(this.playout.outgoing(nowMs), nowMs)];
  }

  private tick(): PlayoutNotice[] {
    if (this.paused) return [];
    const notices = this.full && this.length < 800 ? this.tell({ kind: 'room' }) : [];
    while (typeof this.queue[0] === 'string') notices.push(...this.tell({ kind: 'played', mark: String(this.queue.shift()) }));
    const frame = this.queue.shift();
    if (typeof frame === 'number') this.playedFrames.push(frame);
    return notices;
  }

  private get length(): number {
    return this.queue.filter((entry) => typeof entry === 'number').length;
  }

  private queueFrames(bytes: Uint8Array, nowMs: number): PlayoutNotice[] {
    if (this.length >= 1000) return [];
    for (let at = 0; at + this.frameBytes <= bytes.length; at += this.frameBytes) this.queue.push(bytes[at]!);
    this.longest = Math.max(this.longest, this.length);
    if (this.full || this.length < 900) return [];
    this.full = true;
    return this.playout.receive({ kind: 'full' }, nowMs);
  }

  private obey(order: LegOrder): void {
    if (order.kind === 'mark') this.queue.push(order.mark);
    if (order.kind === 'flush') this.queue = [];
    if (order.kind === 'pause') this.paused = true;
    if (order.kind === 'proceed') this.paused = false;
  }

  private tell(report: LegReport): PlayoutNotice[] {
    const notices = this.playout.receive(report, this.nextTick);
    if (report.kind === 'room') this.full = false;
    return notices;
  }
}

/** Audio whose frames are all of the given value, to be recognised at the other end. */
const frames = (count: number, value = 1): Uint8Array => new Uint8Array(count * 160).fill(value);

describe('playout', () => {
  it('reports an item when the caller has heard all of it', () => {
    const playout = new PlayoutQueue();
    const leg = new Leg(playout);
    playout.append('a', frames(30));
    playout.endItem('a');
    expect(leg.run(600)).toEqual([]);
    expect(leg.run(640)).toEqual([{ kind: 'item-played', itemId: 'a', heardMs: 600 }]);
    expect(playout.unheardMs(640)).toBe(0);
    expect(leg.playedFrames).toHaveLength(30);
  });

  it('fills a last partial frame up with silence and does not count the filling', () => {
    const playout = new PlayoutQueue();
    const leg = new Leg(playout);
    for (let at = 0; at < 400; at += 100) playout.append('a', frames(3).subarray(at, at + 100));
    playout.endItem('a');
    expect(leg.run(200)).toEqual([{ kind: 'item-played', itemId: 'a', heardMs: 50 }]);
    expect(leg.playedFrames).toHaveLength(3);
  });

  it('a flush silences at once and tells what was heard to the frame', () => {
    const playout = new PlayoutQueue();
    const leg = new Leg(playout);
    playout.append('a', frames(10, 1));
    playout.append('b', frames(100, 2));
    playout.mark('end of b');
    leg.run(507);
    const before = leg.playedFrames.length;
    const flushed = playout.flush(507);
    leg.write(flushed.orders, 507);
    leg.run(2000);
    expect(leg.playedFrames).toHaveLength(before);
    expect(flushed.cut.map((item) => item.itemId)).toEqual(['b']);
    expect(Math.abs(flushed.cut[0]!.heardMs - (before - 10) * 20)).toBeLessThanOrEqual(20);
    expect(flushed.cut[0]!.heardMs + flushed.cut[0]!.unheardMs).toBe(2000);
    expect(flushed.discardedMarks).toEqual(['end of b']);
    expect(playout.unheardMs(2000)).toBe(0);
  });

  it('lets nothing of a cut item be heard afterwards, but the next item in full', () => {
    const playout = new PlayoutQueue();
    const leg = new Leg(playout);
    playout.append('a', frames(50, 1));
    leg.run(300);
    leg.write(playout.flush(300).orders, 300);
    const before = leg.playedFrames.length;
    expect(playout.append('a', frames(5, 1))).toBe(false);
    expect(playout.append('b', frames(5, 2))).toBe(true);
    playout.endItem('b');
    expect(leg.run(600)).toEqual([{ kind: 'item-played', itemId: 'b', heardMs: 100 }]);
    expect(leg.playedFrames.slice(before)).toEqual([2, 2, 2, 2, 2]);
  });

  it('ignores the answer to a mark that crossed with the flush', () => {
    const playout = new PlayoutQueue();
    playout.append('a', frames(20));
    playout.outgoing(0);
    playout.flush(100);
    playout.append('b', frames(20));
    playout.outgoing(100);
    expect(playout.receive({ kind: 'played', mark: 'p2' }, 101)).toEqual([]);
    expect(playout.heard(101)).toEqual([{ itemId: 'b', heardMs: 0, unheardMs: 400 }]);
  });

  it('holds its position while paused, and a flush ends the pause that Asterisk would keep', () => {
    const playout = new PlayoutQueue();
    const leg = new Leg(playout);
    playout.append('a', frames(100));
    leg.run(400);
    leg.write(playout.pause(400), 400);
    const [held] = playout.heard(400);
    leg.run(3000);
    expect(playout.heard(3000)).toEqual([held]);
    expect(playout.pause(3000)).toEqual([]);
    leg.write(playout.proceed(3000), 3000);
    leg.run(3400);
    expect(Math.abs(playout.heard(3400)[0]!.heardMs - leg.playedFrames.length * 20)).toBeLessThanOrEqual(20);
    leg.write(playout.pause(3400), 3400);
    const flushed = playout.flush(3500);
    expect(flushed.orders).toEqual([{ kind: 'flush' }, { kind: 'proceed' }]);
    expect(playout.paused).toBe(false);
    expect(playout.proceed(3500)).toEqual([]);
  });

  it('claims nothing while Asterisk plays nothing: a leg not bridged yet', () => {
    const playout = new PlayoutQueue();
    playout.append('a', frames(100));
    playout.outgoing(0);
    expect(playout.heard(5000)).toEqual([{ itemId: 'a', heardMs: 20, unheardMs: 1980 }]);
  });

  it('is right again after lost ticks at the next mark, and 200 ms off at the very most', () => {
    const playout = new PlayoutQueue();
    const leg = new Leg(playout);
    playout.append('a', frames(200));
    leg.run(1000);
    leg.run(1500, 15);
    expect(playout.heard(1500)[0]!.heardMs - leg.playedFrames.length * 20).toBeLessThanOrEqual(200);
    leg.run(1800);
    expect(Math.abs(playout.heard(1800)[0]!.heardMs - leg.playedFrames.length * 20)).toBeLessThanOrEqual(20);
  });

  it('keeps no more than it may inside Asterisk, and stops on XOFF', () => {
    const playout = new PlayoutQueue({ aheadFrames: 880, markEveryFrames: 10 });
    const leg = new Leg(playout);
    playout.append('a', frames(3000));
    leg.run(40_000);
    expect(leg.longest).toBeLessThan(900);
    playout.receive({ kind: 'full' }, 40_000);
    expect(playout.outgoing(50_000)).toEqual([]);
    playout.receive({ kind: 'room' }, 50_000);
    expect(playout.outgoing(50_000)).not.toEqual([]);
    expect(() => new PlayoutQueue({ aheadFrames: 895 })).toThrow(/stay below 900/);
  });

  it('refuses audio after an item\'s end, and more than it may keep', () => {
    const playout = new PlayoutQueue({ maxFrames: 10 });
    playout.append('a', frames(5));
    playout.endItem('a');
    expect(() => playout.append('a', frames(1))).toThrow(/item a was ended/);
    expect(() => playout.append('b', frames(6))).toThrow(/11 frames would wait to be heard, the limit is 10/);
  });

  it('reports the end of an item that is only ended after all of it was heard', () => {
    const playout = new PlayoutQueue();
    const leg = new Leg(playout);
    playout.append('a', frames(5));
    expect(leg.run(1000)).toEqual([]);
    playout.append('b', frames(1));
    expect(leg.run(1050)).toEqual([{ kind: 'item-played', itemId: 'a', heardMs: 100 }]);
  });

  it('agrees with Asterisk to a frame through any course of a call, and loses, repeats and reorders nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat({ max: 19 }), (steps, phaseMs) => {
        const course = new Course(phaseMs);
        for (const each of steps) course.take(each);
        expect(course.finish()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

interface Step {
  readonly waitMs: number;
  readonly act: 'append' | 'next' | 'end' | 'flush' | 'pause' | 'proceed' | 'wait';
  readonly bytes: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  waitMs: fc.nat({ max: 400 }),
  act: fc.constantFrom<Step['act']>('append', 'append', 'append', 'next', 'next', 'end', 'flush', 'pause', 'proceed', 'wait'),
  bytes: fc.integer({ min: 1, max: 20_000 }),
});

/** One call's course: does the steps, knows by itself what the caller should have heard, and collects what is wrong. */
class Course {
  // Few frames ahead, so that audio waits here too.
  private readonly playout = new PlayoutQueue({ aheadFrames: 40 });
  private readonly leg: Leg;
  private readonly bytesOf: number[] = [0];
  private readonly cut = new Set<number>();
  private readonly reported: number[] = [];
  private readonly wrong: string[] = [];
  private ended = true;
  private now = 0;

  constructor(phaseMs: number) {
    this.leg = new Leg(this.playout, phaseMs);
  }

  take(next: Step): void {
    this.run(next.waitMs);
    if (next.act === 'append' || next.act === 'next') this.append(next.act === 'next' || this.ended, next.bytes);
    if (next.act === 'end') this.end();
    if (next.act === 'pause') this.leg.write(this.playout.pause(this.now), this.now);
    if (next.act === 'proceed') this.leg.write(this.playout.proceed(this.now), this.now);
    if (next.act === 'flush') this.flush();
    this.run(0);
    for (const heard of this.playout.heard(this.now)) this.compare('heard', Number(heard.itemId), heard.heardMs);
    if (this.leg.longest >= 900) this.wrong.push(`${this.leg.longest} frames in Asterisk`);
  }

  finish(): string[] {
    this.end();
    this.leg.write(this.playout.proceed(this.now), this.now);
    this.run(120_000);
    const played = this.leg.playedFrames;
    if (played.some((item, i) => item < (played[i - 1] ?? 0))) this.wrong.push('reordered');
    this.bytesOf.forEach((bytes, item) => {
      const count = played.filter((frame) => frame === item).length;
      if (!this.cut.has(item) && count !== Math.ceil(bytes / 160)) this.wrong.push(`item ${item}: ${count} frames of ${bytes} bytes`);
      if (bytes > 0 && this.cut.has(item) === this.reported.includes(item)) this.wrong.push(`item ${item} was reported ${this.reported.includes(item) ? 'and cut' : 'never'}`);
    });
    if (this.playout.unheardMs(this.now) !== 0) this.wrong.push('something is left');
    return this.wrong;
  }

  private run(ms: number): void {
    this.now += ms;
    for (const notice of this.leg.run(this.now)) if (notice.kind === 'item-played') this.reported.push(Number(notice.itemId));
  }

  private append(fresh: boolean, bytes: number): void {
    if (fresh) this.bytesOf.push(0);
    const item = this.bytesOf.length - 1;
    this.bytesOf[item]! += bytes;
    this.playout.append(String(item), new Uint8Array(bytes).fill(item));
    this.ended = false;
  }

  private end(): void {
    this.playout.endItem(String(this.bytesOf.length - 1));
    this.ended = true;
  }

  private flush(): void {
    const flushed = this.playout.flush(this.now);
    this.leg.write(flushed.orders, this.now);
    for (const item of flushed.cut) {
      this.cut.add(Number(item.itemId));
      this.compare('cut', Number(item.itemId), item.heardMs);
    }
    const before = this.leg.playedFrames.length;
    this.run(300);
    if (this.leg.playedFrames.length !== before) this.wrong.push('played after the flush');
    this.ended = true;
  }

  /** Asterisk takes a frame 20 ms before it has been heard in full, and our count begins up to a tick before Asterisk's: a frame either way. */
  private compare(what: string, item: number, heardMs: number): void {
    const takenMs = this.leg.playedFrames.filter((frame) => frame === item).length * 20;
    if (heardMs > takenMs + 20 || heardMs < Math.min(takenMs - 40, (this.bytesOf[item]! / 160) * 20 - 40)) this.wrong.push(`${what} ${heardMs} ms of item ${item}, Asterisk took ${takenMs}`);
  }
}
