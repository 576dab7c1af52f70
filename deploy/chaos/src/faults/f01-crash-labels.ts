import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@troncal/kernel';
import { eventually } from '@troncal/testing';
import { atMost } from '../judge/finding.js';
import type { Finding } from '../judge/evidence.js';
import { AGENTS_BACK, agentsBack, callsLive, convergence, everythingReady, liveCallIds, Listener, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

/** Labels that ordinary work passes, and the processes on whose way they are; those of failures and of migrations have their own tests (libs/chassis, libs/messaging, libs/persistence). */
const EVERYWHERE = [
  'transaction.before-commit', 'transaction.after-commit', 'outbox.before-publish', 'outbox.after-publish', 'outbox.before-mark', 'outbox.after-mark', 'inbox.before-commit', 'inbox.after-commit', 'consume.before-ack', 'consume.after-ack',
];
const AT_THE_GATEWAY = ['idempotency.before-commit', 'idempotency.after-commit', 'dial-decision.before-commit', 'dial-decision.after-commit', 'digest.before-store', 'digest.after-store'];
const PROCESSES = ['ari-gateway', 'realtime-voice', 'light'] as const;
type ProcessName = (typeof PROCESSES)[number];
const TRIALS: readonly (readonly [ProcessName, string])[] = [...EVERYWHERE.flatMap((label) => PROCESSES.map((name) => [name, label] as const)), ...AT_THE_GATEWAY.map((label) => ['ari-gateway', label] as const)];
/** Where work happens not to pass in time nobody dies, and nothing is shown. */
const LEAST_DEATHS = TRIALS.length - 4;
/** Work comes every quarter of a second; what is not passed in this time is not on this process's way. */
const PASSED_WITHIN_MS = 4_000;
const CONVERGED_MS = 5_000;
/** The conversations begin anew: a process, a media leg each, and the past read again. */
const AGENTS_BACK_MS = 10_000;
/** An agent is one that the caller has for a while. */
const SETTLED_MS = 2_500;
const ARRIVAL_EVERY_MS = 2_500;

/** What one trial came to. */
interface Trial {
  readonly what: string;
  readonly died: boolean;
  readonly convergedMs: number | null;
  readonly agentsMs: number | null;
  readonly steps: string;
}

/** Kills a process and has the next one die at the label; waits until all is well again. */
async function trial(stage: Stage, listener: Listener, name: ProcessName, label: string): Promise<Trial> {
  const { troncal } = stage;
  const callIds = await liveCallIds(stage);
  troncal.armCrash(name, label);
  await troncal.replace(name);
  await eventually(`${name} has its label`, () => troncal.crashTaken(name), 20_000);
  const pid = troncal.pidOf(name);
  const died = (): boolean => troncal.pidOf(name) !== pid && crashed(stage, name, label, pid);
  await eventually(`${name} is ready, or dead`, async () => died() || (await troncal.isReady()), 20_000).catch(() => {});
  await eventually(`${name} has died`, died, PASSED_WITHIN_MS).catch(() => {});
  const dead = died();
  const liftedAtMs = Date.now();
  // Who did not pass its label must not die of it later.
  if (!dead) await troncal.replace(name);
  // Whoever has an agent keeps it when another process dies.
  const agents = name === 'realtime-voice' ? [agentsBack(stage, listener, callIds, liftedAtMs)] : [];
  const { atMs, steps, reached } = await convergence(liftedAtMs, [everythingReady(stage), callsLive(stage), outboxesEmpty(stage)], agents);
  // Each trial is begun by callers who have what they called for.
  await sleep(name === 'realtime-voice' ? SETTLED_MS : 0);
  return { what: `${name} at ${label}`, died: dead, convergedMs: atMs === null ? null : atMs - liftedAtMs, agentsMs: agents.length === 0 ? 0 : (reached.get(AGENTS_BACK) ?? null), steps };
}

/** The crash point says so in the log of the process that it kills. */
function crashed({ troncal }: Stage, name: string, label: string, pid: number | undefined): boolean {
  return fs.readFileSync(path.join(troncal.first.directories.logs, `${name}.log`), 'utf8').includes(`crash point ${label}, pass 1: killing process ${pid}`);
}

const worst = (values: readonly (number | null)[]): number | null => (values.includes(null) ? null : Math.max(0, ...values.map((value) => value ?? 0)));

async function play(stage: Stage): Promise<Played> {
  const listener = await Listener.open(stage.troncal);
  const faultAtMs = Date.now();
  stage.workload.arrivals.start(ARRIVAL_EVERY_MS);
  const trials: Trial[] = [];
  for (const [name, label] of TRIALS) {
    const came = await trial(stage, listener, name, label).catch((error: unknown): Trial => ({ what: `${name} at ${label}`, died: false, convergedMs: null, agentsMs: null, steps: errorText(error) }));
    trials.push(came);
    stage.say(tell(came));
  }
  await stage.workload.arrivals.stop();
  await listener.stop();
  const now = Date.now();
  const deaths = trials.filter(({ died }) => died).length;
  const late = (bound: number, of: (each: Trial) => number | null): string[] => trials.filter((each) => (of(each) ?? Infinity) > bound).map(tell);
  const findings: Finding[] = [
    { rule: 'deaths at labels', bound: `>= ${LEAST_DEATHS}`, measured: `${deaths} of ${trials.length}`, ok: deaths >= LEAST_DEATHS, offenders: trials.filter(({ died }) => !died).map(tell) },
    atMost('whole again after each death', CONVERGED_MS, worst(trials.map(({ convergedMs }) => convergedMs)), 'ms', late(CONVERGED_MS, ({ convergedMs }) => convergedMs)),
    atMost('voice agent back with each of its callers', AGENTS_BACK_MS, worst(trials.map(({ agentsMs }) => agentsMs)), 'ms', late(AGENTS_BACK_MS, ({ agentsMs }) => agentsMs)),
  ];
  const slowest = worst(trials.map(({ convergedMs }) => convergedMs));
  // Of all trials the slowest is what the run took to be whole again.
  return { times: { faultAtMs, liftedAtMs: now, convergedAtMs: slowest === null ? null : now + slowest }, findings, notes: trials.map(tell) };
}

const tell = ({ what, died, convergedMs, steps }: Trial): string => `${what}: ${died ? 'died' : 'not passed'}; whole again after ${convergedMs} ms (${steps})`;

/** F1: a process dies between any two steps. */
export const F1: Fault = {
  code: 'F1',
  what: `kill -9 of each process, then at each labelled step that is on its way: ${TRIALS.length} trials`,
  bounds: { convergedMs: CONVERGED_MS },
  arrivals: 80,
  arrivalStaysMs: 10_000,
  plant: {
    defect: 'a relay that marks events as sent before it sends them',
    changes: [{ module: 'libs/persistence/{}/outbox/outbox-relay', find: 'const outcomes = await Promise.all(', replace: 'await session.run(MARK_SENT, [rows.map((row) => row.id)]);\n        const outcomes = await Promise.all(' }],
  },
  play,
};
