import fs from 'node:fs';
import path from 'node:path';
import { errorText } from '@troncal/kernel';
import { eventually } from '@troncal/testing';
import { atMost } from '../judge/finding.js';
import { callsLive, convergence, everythingReady, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

/** Every process of ours. */
const PROCESSES = ['ari-gateway', 'realtime-voice', 'light'] as const;
/** Labels that ordinary work passes; those of failures and of migrations have their own tests (libs/chassis, libs/messaging, libs/persistence). */
const LABELS = [
  'transaction.before-commit', 'transaction.after-commit', 'outbox.before-publish', 'outbox.after-publish', 'outbox.before-mark', 'outbox.after-mark', 'inbox.before-commit', 'inbox.after-commit',
  'consume.before-ack', 'consume.after-ack', 'idempotency.before-commit', 'idempotency.after-commit', 'dial-decision.before-commit', 'dial-decision.after-commit', 'digest.before-store', 'digest.after-store',
];
/** Work comes every quarter of a second; what is not passed in this time is not on this process's way. */
const PASSED_WITHIN_MS = 4_000;
const CONVERGED_MS = 5_000;
const ARRIVAL_EVERY_MS = 2_500;

/** Kills each process at one label, all at once, and waits until all is well again. */
async function round(stage: Stage, label: string): Promise<{ readonly died: string[]; readonly convergedMs: number | null; readonly steps: string }> {
  const { troncal } = stage;
  for (const name of PROCESSES) troncal.armCrash(name, label);
  await Promise.all(PROCESSES.map((name) => troncal.replace(name)));
  await eventually('every process has its label', () => PROCESSES.every((name) => troncal.crashTaken(name)), 20_000);
  const armed = new Map(PROCESSES.map((name) => [name, troncal.pidOf(name)]));
  const someDied = (): boolean => PROCESSES.some((name) => died(stage, name, label, armed.get(name)));
  await eventually('all is ready with labels armed', () => someDied() || troncal.isReady(), 20_000).catch(() => {});
  await eventually('all have died', () => PROCESSES.every((name) => died(stage, name, label, armed.get(name))), PASSED_WITHIN_MS).catch(() => {});
  const dead = PROCESSES.filter((name) => died(stage, name, label, armed.get(name)));
  // Whoever did not pass its label must not die of it later.
  const liftedAtMs = Date.now();
  await Promise.all(PROCESSES.filter((name) => !dead.includes(name)).map((name) => troncal.replace(name)));
  const { atMs, steps } = await convergence(liftedAtMs, [everythingReady(stage), callsLive(stage), outboxesEmpty(stage)]);
  return { died: dead, convergedMs: atMs === null ? null : atMs - liftedAtMs, steps };
}

/** The crash point says so in the log of the process that it kills. */
function died({ troncal }: Stage, name: string, label: string, pid: number | undefined): boolean {
  const log = fs.readFileSync(path.join(troncal.first.directories.logs, `${name}.log`), 'utf8');
  return log.includes(`crash point ${label}, pass 1: killing process ${pid}`);
}

async function play(stage: Stage): Promise<Played> {
  const faultAtMs = Date.now();
  stage.workload.arrivals.start(ARRIVAL_EVERY_MS);
  const notes: string[] = [];
  const slow: string[] = [];
  let worst: number | null = 0;
  let killed = 0;
  for (const label of LABELS) {
    try {
      const { died: dead, convergedMs, steps } = await round(stage, label);
      killed += dead.length;
      worst = worst === null || convergedMs === null ? null : Math.max(worst, convergedMs);
      if (convergedMs === null || convergedMs > CONVERGED_MS) slow.push(`${label}: ${steps}`);
      notes.push(`${label}: killed ${dead.join(', ') || 'nobody (not on their way)'}; whole again after ${convergedMs} ms`);
    } catch (error) {
      worst = null;
      slow.push(`${label}: ${errorText(error)}`);
    }
    stage.say(notes.at(-1) ?? label);
  }
  await stage.workload.arrivals.stop();
  const now = Date.now();
  const least = { rule: 'labels at which some process died', bound: `>= ${LABELS.length - 2}`, measured: `${notes.filter((note) => !note.includes('nobody')).length} of ${LABELS.length}, ${killed} deaths`, ok: notes.filter((note) => !note.includes('nobody')).length >= LABELS.length - 2, offenders: notes.filter((note) => note.includes('nobody')) };
  return { times: { faultAtMs, liftedAtMs: now, convergedAtMs: now }, findings: [least, atMost('whole again after each death', CONVERGED_MS, worst, 'ms', slow)], notes };
}

/** F1: any process dies between any two steps. */
export const F1: Fault = {
  code: 'F1',
  what: `kill -9 of each process at each of ${LABELS.length} labelled steps, twice per step`,
  bounds: { convergedMs: CONVERGED_MS },
  arrivals: 60,
  plant: {
    defect: 'a relay that marks events as sent before it sends them',
    changes: [{ module: 'libs/persistence/{}/outbox/outbox-relay', find: 'const outcomes = await Promise.all(', replace: 'await session.run(MARK, [rows.map((row) => row.id)]);\n        const outcomes = await Promise.all(' }],
  },
  play,
};
