import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUDIOSOCKET_FRAME_BYTES, AudioSocketFrames } from './audiosocket-frames.js';
import type { LegOrder, LegReport } from './leg-orders.js';
import { PacedQueue } from './paced-queue.js';

/** Stands for G.711: the code in the low byte of each sample. */
const frames = new AudioSocketFrames({
  decodeInto: (wire, target, at) => wire.forEach((code, i) => target.set([code, 0x7f], at + 2 * i)),
});

function paced(): { queue: PacedQueue; reports: LegReport[] } {
  const reports: LegReport[] = [];
  return { reports, queue: new PacedQueue((g711) => frames.of(g711), AUDIOSOCKET_FRAME_BYTES, (report) => void reports.push(report)) };
}
const audio = (count: number, code = 0x10): LegOrder => ({ kind: 'audio', bytes: new Uint8Array(160 * count).fill(code) });
/** The code that a frame carries. */
const codeOf = (frame: Uint8Array | undefined): number | undefined => frame?.[3];

type Act = { readonly kind: 'audio'; readonly count: number } | { readonly kind: 'mark' | 'flush' | 'pause' | 'proceed' | 'tick' };
const act: fc.Arbitrary<Act> = fc.oneof(fc.record({ kind: fc.constant('audio' as const), count: fc.integer({ min: 0, max: 30 }) }), fc.record({ kind: fc.constantFrom('mark', 'flush', 'pause', 'proceed', 'tick', 'tick', 'tick', 'tick') }));

describe('the queue of a paced leg', () => {
  it('plays what chan_websocket would, whatever the orders', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        const { queue, reports } = paced();
        // What it must do, in the plainest words: one list of frames and marks.
        let list: (number | string)[] = [];
        let [held, code, marks] = [false, 0, 0];
        const expected: string[] = [];
        const played: (number | string | undefined)[] = [];
        const heard: (number | string | undefined)[] = [];
        for (const each of acts) {
          if (each.kind === 'audio') {
            code = (code + 1) % 100;
            list.push(...Array.from({ length: each.count }, () => code));
            queue.take(audio(each.count, code));
          } else if (each.kind === 'mark') {
            list.push(`m${(marks += 1)}`);
            queue.take({ kind: 'mark', mark: `m${marks}` });
          } else if (each.kind === 'tick') {
            while (!held && typeof list[0] === 'string') expected.push(String(list.shift()));
            played.push(codeOf(queue.next()));
            heard.push(held ? undefined : list.shift());
          } else {
            if (each.kind === 'flush') list = [];
            else held = each.kind === 'pause';
            queue.take({ kind: each.kind });
          }
          expect(queue.length).toBe(list.filter((entry) => typeof entry === 'number').length);
        }
        expect(played).toEqual(heard);
        expect(reports.flatMap((report) => (report.kind === 'played' ? [report.mark] : []))).toEqual(expected);
      }),
    );
  });

  it('says full at 900 frames and room below 800, once each, and takes no more than 1000', () => {
    const { queue, reports } = paced();
    queue.take(audio(899));
    expect(reports).toEqual([]);
    queue.take(audio(1));
    queue.take(audio(100));
    expect(reports).toEqual([{ kind: 'full' }]);
    expect(() => queue.take(audio(1))).toThrow(/1001 frames would wait in the leg, the limit is 1000/);
    for (let i = 0; i < 250; i += 1) queue.next();
    expect(reports).toEqual([{ kind: 'full' }, { kind: 'room' }]);
    queue.take(audio(200));
    queue.take({ kind: 'flush' });
    expect(reports.slice(2)).toEqual([{ kind: 'full' }, { kind: 'room' }]);
  });

  it('makes messages that Asterisk takes: kind 0x10, 320 bytes of 16-bit little-endian', () => {
    const wire = frames.of(Uint8Array.of(...new Uint8Array(160).fill(0xff), ...new Uint8Array(160).fill(0x00)));
    expect(wire.length).toBe(2 * AUDIOSOCKET_FRAME_BYTES);
    expect([...wire.subarray(0, 5)]).toEqual([0x10, 0x01, 0x40, 0xff, 0x7f]);
    expect([...wire.subarray(AUDIOSOCKET_FRAME_BYTES, AUDIOSOCKET_FRAME_BYTES + 5)]).toEqual([0x10, 0x01, 0x40, 0, 0x7f]);
    expect(() => frames.of(new Uint8Array(161))).toThrow(/161 bytes are no whole frames of 160/);
  });
});
