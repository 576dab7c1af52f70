import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTroncalEdge } from './calls/troncal-edge.js';
import { table, type Figures } from './figures.js';
import { holdCalls } from './footprint/hold-calls.js';
import { sample } from './footprint/sample.js';
import { machine } from './process-cost.js';

const CALLS = Number(process.env['BENCH_CALLS'] ?? 100);
/** Both telephones of such a call stand in this process: on a busy machine it can't play more than some dozens. */
const PHONE_CALLS = Number(process.env['BENCH_PHONE_CALLS'] ?? CALLS);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
const SETTLE_MS = 4_000;

/** A program that does nothing, as a bound. */
async function bare(name: string): Promise<Figures> {
  const child = fork(join(import.meta.dirname, 'footprint', `${name}.js`));
  try {
    await once(child, 'message');
    await sleep(1_000);
    return (await sample({ [name]: child.pid ?? 0 }, 3))[name] ?? {};
  } finally {
    child.kill('SIGKILL');
  }
}

/** Printed as soon as it's known: what fails later takes nothing away from it. */
const tell = (title: string, rows: Readonly<Record<string, Figures>>): void => console.log(`${title}\n\n${table(rows)}\n`);

console.log(`Footprint of a running Troncal, each figure over ${SECONDS} s; a process counts with its children`);
console.log(`${machine()}; the telephones share the machine; "loop p99" holds the 10 ms at which it is sampled\n`);

const bounds = { 'bare Node with an HTTP server (bound)': await bare('bare-node'), 'bare Nest on Fastify (bound)': await bare('bare-nest') };
const troncal = await openTroncalEdge();
try {
  await sleep(SETTLE_MS);
  tell('Idle', { ...(await sample(troncal.processes, SECONDS)), ...bounds });
  for (const [title, dialled, count] of [['calls with the agent', '603', CALLS], ['calls from phone to phone', '602', PHONE_CALLS]] as const) {
    const held = await holdCalls(troncal.talkers, dialled, count);
    await sleep(SETTLE_MS);
    const rows = await sample(troncal.processes, SECONDS);
    tell(`${held.live()} ${title}`, rows);
    await held.hangUp();
    await sleep(SETTLE_MS);
  }
} catch (error) {
  process.stderr.write(`${troncal.logTail('ari-gateway')}\n`);
  throw error;
} finally {
  await troncal.close();
}
process.exit(0);
