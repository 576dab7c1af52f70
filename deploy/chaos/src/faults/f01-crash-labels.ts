import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@troncal/kernel';
import { eventually } from '@troncal/testing';
import { atMost } from '../judge/finding.js';
import type { Finding } from '../judge/evidence.js';
import type { Troncal } from '../troncal/troncal.js';
import { AGENTS_BACK, agentsBack, callsLive, convergence, everythingReady, liveCallIds, Listener, outboxesEmpty } from './convergence.js';
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
/** The conversations begin anew: a process, a media leg each, and the past read again. */
const AGENTS_BACK_MS = 10_000;
/** An agent is one that the caller has for a while. */
const SETTLED_MS = 2_500;
const ARRIVAL_EVERY_MS = 2_500;

/** What one round came to. */
interface Round {
  readonly died: readonly string[];
  readonly convergedMs: number | null;
  readonly agentsMs: number | null;
  readonly steps: string;
}

/** Notices which processes died of their label: the crash point says so in the log of the process that it kills. */
class Deaths {
  private readonly armed: ReadonlyMap<string, { readonly pid: number | undefined; readonly log: string }>;
  private readonly dead = new Map<string, number>();

  constructor(
    private readonly troncal: Troncal,
    private readonly label: string,
  ) {
    const logs = troncal.first.directories.logs;
    this.armed = new Map(PROCESSES.map((name) => [name, { pid: troncal.pidOf(name), log: path.join(logs, `${name}.log`) }]));
  }

  /** Those that have died so far. */
  get names(): string[] {
    const running = new Map(this.troncal.state().processes.map(({ name, pid }) => [name, pid]));
    for (const [name, { pid, log }] of this.armed) {
      if (!this.dead.has(name) && running.get(name) !== pid && fs.readFileSync(log, 'utf8').includes(`crash point ${this.label}, pass 1: killing process ${pid}`)) this.dead.set(name, Date.now());
    }
    return [...this.dead.keys()];
  }

  /** When it was noticed, ms since the epoch; another process takes longer to start than to be noticed. */
  at(name: string): number | undefined {
    return this.dead.get(name);
  }
}

/** Kills each process at one label, all at once, and waits until all is well again. */
async function round(stage: Stage, listener: Listener, label: string): Promise<Round> {
  const { troncal } = stage;
  const callIds = await liveCallIds(stage);
  for (const name of PROCESSES) troncal.armCrash(name, label);
  await Promise.all(PROCESSES.map((name) => troncal.replace(name)));
  await eventually('every process has its label', () => PROCESSES.every((name) => troncal.crashTaken(name)), 20_000);
  const deaths = new Deaths(troncal, label);
  await eventually('all is ready with labels armed', () => deaths.names.length > 0 || troncal.isReady(), 20_000).catch(() => {});
  await eventually('all have died', () => deaths.names.length === PROCESSES.length, PASSED_WITHIN_MS).catch(() => {});
  const died = deaths.names;
  // Whoever did not pass its label must not die of it later.
  const liftedAtMs = Date.now();
  await Promise.all(PROCESSES.filter((name) => !died.includes(name)).map((name) => troncal.replace(name)));
  const { atMs, steps, reached } = await convergence(liftedAtMs, [everythingReady(stage), callsLive(stage), outboxesEmpty(stage)], [agentsBack(stage, listener, callIds, deaths.at('realtime-voice') ?? liftedAtMs)]);
  // Each round is one trial, begun by callers who have what they called for.
  await sleep(SETTLED_MS);
  return { died, convergedMs: atMs === null ? null : atMs - liftedAtMs, agentsMs: reached.get(AGENTS_BACK) ?? null, steps };
}

const worst = (values: readonly (number | null)[]): number | null => (values.includes(null) ? null : Math.max(0, ...values.map((value) => value ?? 0)));

async function play(stage: Stage): Promise<Played> {
  const listener = await Listener.open(stage.troncal);
  const faultAtMs = Date.now();
  stage.workload.arrivals.start(ARRIVAL_EVERY_MS);
  const rounds: (Round & { readonly label: string })[] = [];
  for (const label of LABELS) {
    const came = await round(stage, listener, label).catch((error: unknown): Round => ({ died: [], convergedMs: null, agentsMs: null, steps: errorText(error) }));
    rounds.push({ label, ...came });
    stage.say(tell(rounds.at(-1)));
  }
  await stage.workload.arrivals.stop();
  await listener.stop();
  const now = Date.now();
  const deadly = rounds.filter(({ died }) => died.length > 0);
  const deaths = rounds.reduce((sum, { died }) => sum + died.length, 0);
  const late = (bound: number, of: (each: Round) => number | null): string[] => rounds.filter((each) => (of(each) ?? Infinity) > bound).map(({ label, steps }) => `${label}: ${steps}`);
  const findings: Finding[] = [
    { rule: 'labels at which some process died', bound: `>= ${LABELS.length - 2}`, measured: `${deadly.length} of ${LABELS.length}, ${deaths} deaths`, ok: deadly.length >= LABELS.length - 2, offenders: rounds.filter(({ died }) => died.length === 0).map(tell) },
    atMost('whole again after each death', CONVERGED_MS, worst(rounds.map(({ convergedMs }) => convergedMs)), 'ms', late(CONVERGED_MS, ({ convergedMs }) => convergedMs)),
    atMost('voice agent back with each of its callers', AGENTS_BACK_MS, worst(rounds.map(({ agentsMs }) => agentsMs)), 'ms', late(AGENTS_BACK_MS, ({ agentsMs }) => agentsMs)),
  ];
  return { times: { faultAtMs, liftedAtMs: now, convergedAtMs: now }, findings, notes: rounds.map(tell) };
}

const tell = (round: (Round & { readonly label: string }) | undefined): string => (round ? `${round.label}: killed ${round.died.join(', ') || 'nobody (not on their way)'}; whole again after ${round.convergedMs} ms (${round.steps})` : '');

/** F1: any process dies between any two steps. */
export const F1: Fault = {
  code: 'F1',
  what: `kill -9 of each process at each of ${LABELS.length} labelled steps, twice per step`,
  bounds: { convergedMs: CONVERGED_MS },
  arrivals: 80,
  arrivalStaysMs: 10_000,
  plant: {
    defect: 'a relay that marks events as sent before it sends them',
    changes: [{ module: 'libs/persistence/{}/outbox/outbox-relay', find: 'const outcomes = await Promise.all(', replace: 'await session.run(MARK, [rows.map((row) => row.id)]);\n        const outcomes = await Promise.all(' }],
  },
  play,
};
