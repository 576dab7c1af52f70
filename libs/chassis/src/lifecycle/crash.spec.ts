import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CrashLab } from '../../test/crash-lab.js';
import { CrashProgram } from '../../test/crash-program.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The sources of the two libraries through which every event goes; no event goes through a lease. */
const sources = ['libs/persistence/src', 'libs/messaging/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('lease'))
    .map((file) => ({ file: join(folder, file), lines: readFileSync(join(root, folder, file), 'utf8').split('\n') })),
);
const labels = [...new Set(sources.flatMap(({ lines }) => lines.flatMap((line) => /crashPoint\('([^']+)'\)/.exec(line)?.[1] ?? [])))].toSorted();

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

// The short slice: each label once, and those that every step passes also later. CRASH_PASSES=n tries each label at passes 1 to n.
const passes = Number(process.env['CRASH_PASSES'] ?? 1);
const points = [
  ...labels.flatMap((label) => Array.from({ length: passes }, (_, index) => `${label}:${index + 1}`)),
  ...(passes > 1 ? [] : ['transaction.before-commit:3', 'transaction.after-commit:5', 'outbox.after-publish:3']),
];
/** Each chain is one service with its own bus and database, killed again and again: half as many starts as one for each point. */
const CHAINS = 4;
const [migrations, others] = [points.filter((point) => point.startsWith('migrate')), points.filter((point) => !point.startsWith('migrate'))];
const dealt = Array.from({ length: CHAINS }, (_, chain) => others.filter((__, index) => index % CHAINS === chain));
/** A chain can begin with at most one crash among the migrations: after it there may be too few left to reach another. */
const chains = [...dealt.map((chain, index) => [...migrations.slice(index, index + 1), ...chain]), ...migrations.slice(CHAINS).map((point) => [point])];

describe.concurrent('a service killed at', () => {
  let program: CrashProgram;

  beforeAll(() => void (program = new CrashProgram()));
  afterAll(() => program?.remove());

  it.each(chains.map((chain) => [chain.join(', '), chain] as const))('%s loses nothing and doubles nothing', { timeout: 300_000 * passes }, async (_, chain) => {
    const lab = await CrashLab.open(program);
    try {
      const { outcome, expected } = await lab.crashAt(chain);
      expect(outcome.effects.toSorted()).toEqual(expected.effects.toSorted());
      expect(outcome.tickets.toSorted()).toEqual(expected.tickets.toSorted());
      expect(outcome.deadLetters.toSorted()).toEqual(expected.deadLetters.toSorted());
      expect(outcome.unreadable).toBe(expected.unreadable);
      expect(outcome.answers).toEqual(expected.answers);
      // Within each call in order.
      const own = (names: readonly string[], call: string): string[] => names.filter((name) => name.startsWith(`${call} `));
      for (const call of new Set(expected.effects.map((name) => name.split(' ')[0] ?? '').filter((name) => !name.includes(':')))) expect(own(outcome.effects, call)).toEqual(own(expected.effects, call));
    } finally {
      await lab.close();
    }
  });
});
