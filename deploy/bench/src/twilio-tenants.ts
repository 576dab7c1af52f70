import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriftView, PlanView } from '@troncal/contracts';
import { startNats, startPostgres } from '@troncal/testing';
import { median, table, type Figures } from './figures.js';
import { machine } from './process-cost.js';
import { boundOfMany, boundOfOne, LOOK_ROUNDS } from './twilio/bounds.js';
import { asked, observe, ran } from './twilio/observe.js';
import { startProgram, type Program, type ProgramOptions } from './twilio/provisioning-program.js';
import { communityOf } from './twilio/tenants.js';

const TENANTS = Number(process.env['BENCH_TENANTS'] ?? 1_000);
/** Tenants made one after the other, of which the median is quoted. */
const ONES = Number(process.env['BENCH_RUNS'] ?? 5);
const PACE = { latencyMs: Number(process.env['BENCH_LATENCY_MS'] ?? 150), purchaseMs: Number(process.env['BENCH_PURCHASE_MS'] ?? 600) };
/** Which rows: a regular expression on their names. */
const ONLY = new RegExp(process.env['BENCH_ONLY'] ?? '');
/** Whether the tenants are also declared on the Asterisk rail: six transactions more for each. */
const PRIMARY = process.env['BENCH_PRIMARY'] === 'true';
const { latencyMs: L } = PACE;
const PLENTY = { takes: 1_000_000, atOnce: { start: 50, most: 50 } } as const;

type Rows = Record<string, Figures>;

const note = (what: string): void => void process.stderr.write(`${what}\n`);

function medians(all: readonly Figures[]): Figures {
  return Object.fromEntries(Object.keys(all[0] ?? {}).map((figure) => [figure, median(all.map((one) => one[figure] ?? Number.NaN))]));
}

/** One tenant after the other, in an environment that has one already. */
async function ones(program: Program, placement: 'dedicated' | 'pooled', depth: number): Promise<Figures> {
  await ran(program, 'POST', 'apply', { declarations: [communityOf(0, placement)] });
  const seen: Figures[] = [];
  for (let index = 1; index <= ONES; index += 1) seen.push(await observe(program, boundOfOne(PACE, depth), () => ran(program, 'POST', 'apply', { declarations: [communityOf(index, placement)] })));
  return medians(seen);
}

/** Very many at once, and then everything that is done with them. */
async function many(program: Program, pace: typeof PACE, places: number, rows: Rows, name: string): Promise<void> {
  // The domain is there before, with a tenant whose list is its own.
  await ran(program, 'POST', 'apply', { declarations: [communityOf(TENANTS, 'dedicated')] });
  const all = Array.from({ length: TENANTS }, (_, index) => communityOf(index, 'pooled'));
  const row = async (what: string, boundMs: number, work: () => Promise<unknown>): Promise<void> => {
    note(`  ${what}`);
    const figures = (rows[`${name}: ${what}`] = await observe(program, boundMs, work));
    note(`    ${JSON.stringify(figures)}`);
  };
  await row('plan', LOOK_ROUNDS * pace.latencyMs, async () => {
    const { steps } = await asked<PlanView>(program, 'plan', { declarations: all });
    if (steps.length < 3 * TENANTS) throw new Error(`The plan has ${steps.length} steps.`);
  });
  await row('apply', boundOfMany(pace, TENANTS, places), () => ran(program, 'POST', 'apply', { declarations: all }));
  await row('the same again', LOOK_ROUNDS * pace.latencyMs, () => ran(program, 'POST', 'apply', { declarations: all }));
  await row('drift check', LOOK_ROUNDS * pace.latencyMs, async () => {
    const { differences } = await asked<DriftView>(program, 'drift', {});
    if (differences.length > 0) throw new Error(`${differences.length} differences: ${JSON.stringify(differences[0])}`);
  });
  // The pools are full to the last place: it takes a list, its mappings and the user.
  await row('a phone more for one', (LOOK_ROUNDS + 2) * pace.latencyMs, () => ran(program, 'POST', 'apply', { declarations: [communityOf(7, 'pooled', [{ extension: '203', role: 'gate' }])] }));
  await row('delete of all', (LOOK_ROUNDS + 2) * pace.latencyMs, () => ran(program, 'DELETE', 'tenants', { tenants: all.map(({ tenant }) => tenant) }));
}

const folder = mkdtempSync(join(tmpdir(), 'troncal-bench-twilio-'));
const [nats, postgres] = await Promise.all([startNats(), startPostgres({ durable: true })]);
const rows: Rows = {};
const within = async (name: string, options: Pick<ProgramOptions, 'takes' | 'atOnce'>, pace: typeof PACE, work: (program: Program) => Promise<void>): Promise<void> => {
  if (!ONLY.test(name)) return;
  note(name);
  const program = await startProgram({ folder, nats, postgres, pace, primary: PRIMARY, ...options });
  try {
    await work(program);
  } finally {
    await program.stop();
  }
};
try {
  await within('1, list of its own', PLENTY, PACE, async (program) => void (rows['1, list of its own'] = await ones(program, 'dedicated', 2)));
  await within('1, pooled', PLENTY, PACE, async (program) => void (rows['1, pooled'] = await ones(program, 'pooled', 1)));
  for (const places of [10, 20, 50]) {
    const name = `${TENANTS}, ${places} at once`;
    await within(name, { takes: places, atOnce: { start: places, most: places } }, PACE, (program) => many(program, PACE, places, rows, name));
  }
  const unknown = `${TENANTS}, 50 unknown`;
  await within(unknown, { takes: 50, atOnce: { start: 10, most: 200 } }, PACE, (program) => many(program, PACE, 50, rows, unknown));
  // What is left when Twilio takes no time: the database's, the events' and the SDK's, with the simulator on the same cores.
  const instant = { latencyMs: 0, purchaseMs: 0 };
  const ours = `${TENANTS}, no latency`;
  await within(ours, PLENTY, instant, (program) => many(program, instant, 50, rows, ours));
  console.log(`Twilio simulated, ${PRIMARY ? 'primary' : 'another'} environment: ${L} ms a request, ${PACE.purchaseMs} ms a purchase, ± 30 %; PostgreSQL with fsync; ${machine()}\n\n${table(rows)}\n`);
} finally {
  await Promise.all([nats.stop(), postgres.stop()]);
  rmSync(folder, { recursive: true, force: true });
}
