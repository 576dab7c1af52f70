import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplicaLab, type GatewayReplica } from '@troncal/testing';
import { FAULTS, type Fault } from './failover/faults.js';
import { LiveCalls } from './failover/live-calls.js';
import { median, table, type Figures } from './figures.js';
import { machine } from './process-cost.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const BOUND_MS = 5_000;
/** The holder renews once a second: a fault may come at any moment of it. */
const RENEWAL_MS = 1_000;
const ROOT = join(import.meta.dirname, '..', '..', '..');

/** What was seen since the fault, ms. */
interface Round {
  readonly EdgeConnected: number;
  readonly 'first new call': number;
  readonly "live call's digit": number;
}

const lab = await ReplicaLab.open(join(ROOT, 'services', 'ari-gateway', 'dist', 'main.js'));
const rounds: Record<string, Round[]> = {};
let dropped = 0;

/** One owner lost, with two calls up and a phone that dials; the standby is the owner afterwards, and the lost one its standby. */
async function lose(owner: GatewayReplica, standby: GatewayReplica, fault: Fault, calls: LiveCalls): Promise<Round> {
  await calls.begin();
  const before = (await lab.owner())?.epoch ?? 0;
  await sleep(randomInt(RENEWAL_MS));
  const at = performance.now();
  fault.strike(owner);
  const connected = lab.owned(standby.name).then(() => performance.now());
  const [owned, newCall, digit] = await Promise.all([connected, calls.firstNewCall(), calls.firstDigit()]);
  dropped += await calls.dropped();
  await calls.end();
  fault.heal(owner);
  await owner.ready();
  const after = await lab.owner();
  if (after?.holder !== standby.name || after.epoch !== before + 1) throw new Error(`${standby.name} should own the edge in epoch ${before + 1}: ${JSON.stringify(after)}`);
  return { EdgeConnected: owned - at, 'first new call': newCall - at, "live call's digit": digit - at };
}

try {
  await LiveCalls.declare(lab);
  let [owner, standby] = [await lab.gateway('a'), await lab.gateway('b')];
  owner.start();
  await lab.owned(owner.name, 40_000);
  standby.start();
  await standby.ready();
  const calls = await LiveCalls.open(lab);
  for (let round = 1; round <= ROUNDS; round += 1)
    for (const [name, fault] of Object.entries(FAULTS)) {
      const seen = await lose(owner, standby, fault, calls);
      [owner, standby] = [standby, owner];
      (rounds[name] ??= []).push(seen);
      process.stderr.write(`round ${round} of ${ROUNDS}: ${name}: ${Object.entries(seen).map(([what, ms]) => `${what} ${ms.toFixed(0)} ms`).join(', ')}\n`);
    }
} finally {
  await lab.close();
}

const rows: Record<string, Figures> = {};
for (const [name, seen] of Object.entries(rounds))
  for (const what of ['EdgeConnected', 'first new call', "live call's digit"] as const) {
    const all = seen.map((round) => round[what]);
    rows[`${name}: ${what}`] = { 'min ms': Math.min(...all), 'median ms': median(all), 'max ms': Math.max(...all), 'bound ms': BOUND_MS };
  }
const late = Object.entries(rows).filter(([, { 'max ms': max = Number.POSITIVE_INFINITY }]) => max > BOUND_MS).map(([name]) => name);
const losses = Object.values(rounds).flat().length;
console.log(`Fail-over of an edge's owner: from the fault to the standby that drives the edge, ${ROUNDS} rounds of each kind, two gateways`);
console.log(`${machine()}; Asterisk, PostgreSQL, NATS and the phones share the machine\n`);
console.log(table(rows));
console.log(`\ncalls live at the fault: ${2 * losses}, dropped: ${dropped}${late.length === 0 ? '' : `\nBEYOND THE BOUND: ${late.join('; ')}`}`);
process.exit(dropped === 0 && late.length === 0 ? 0 : 1);
