import { describe, expect, it } from 'vitest';
import { EVERY_EVENT, labels, sources } from '../../test/crash-points.js';
import { crashesAt } from '../../test/crashes-at.js';

/** Statements after which something can no longer be taken back. The publisher's own is surrounded by its callers. */
const STEP = /query\('COMMIT'\)|\.ackAck\(|\.term\(|port\.publish\(|jetStream\(\)\.publish\(/;
const ELSEWHERE = new Set(['libs/messaging/src/publish/jetstream-publisher.ts']);

describe('the labels', () => {
  it('stand on either side of every commit, publish and acknowledgement', () => {
    const steps = sources.filter(({ file }) => !ELSEWHERE.has(file)).flatMap(({ file, lines }) => lines.flatMap((line, index) => (STEP.test(line) ? [{ file, line: line.trim(), index, lines }] : [])));
    expect(steps.length).toBeGreaterThan(5);
    for (const { file, line, index, lines } of steps) {
      const near = (from: number, to: number): boolean => lines.slice(Math.max(0, from), to).some((other) => other.includes('crashPoint('));
      // A dead letter's sending and its end are one sequence: the label before the end is the one after the sending.
      const before = near(index - 6, index) || /sendDeadLetter|giveUp/.test(lines.slice(Math.max(0, index - 3), index).join());
      expect.soft({ file, line, before, after: near(index + 1, index + 6) }).toEqual({ file, line, before: true, after: true });
    }
  });
});

it('every point of the slice is one of the labels', () => {
  expect(EVERY_EVENT.filter((point) => !labels.includes(point.split(':')[0] ?? ''))).toEqual([]);
});

crashesAt([EVERY_EVENT]);
