import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@troncal/kernel';
import { JetStreamPublisher } from '@troncal/messaging';
import type { OutgoingEvent } from '@troncal/persistence';
import { eventually } from '@troncal/testing';
import type { Finding } from '../judge/evidence.js';
import { busAs } from '../troncal/logins.js';
import { toldCall, type ToldCall } from '../workload/told-calls.js';
import { callsLive, convergence, everythingReady, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

const CALLS = 60;
/** An event comes up to so much later than its time, so that those of one call overtake each other. */
const DELAY_MS = 1_500;
/** A copy of every event follows within this, under another message id, so that the server doesn't notice it. */
const COPY_MS = 3_000;
const [CLEAN, DISTURBED] = ['load-f17a', 'load-f17b'];

/** What the consumers made of a tenant's events, as one text: the ledger, the tickets, and how many ticket numbers were given out. */
async function stateOf({ room }: Stage, tenant: string): Promise<string> {
  const ledger = await room.admin.query(
    'SELECT party, direction, disposition, duration_ms, answered_ms, (answered_at IS NOT NULL) AS answered, (ended_at IS NOT NULL) AS ended FROM collections_dialer.contacts WHERE tenant = $1 ORDER BY party',
    [tenant],
  );
  const tickets = await room.admin.query('SELECT caller, queue, outcome, waited_ms FROM ticketing.tickets WHERE tenant = $1 ORDER BY caller, waited_ms', [tenant]);
  const counter = await room.admin.query('SELECT last FROM ticketing.ticket_counters WHERE tenant = $1', [tenant]);
  return JSON.stringify({ ledger, tickets, counter });
}

async function tellInOrder(publisher: JetStreamPublisher, calls: readonly ToldCall[]): Promise<void> {
  await Promise.all(calls.map(async ({ events }) => {
    for (const event of events) await publisher.publish(event);
  }));
}

/** Each event late by chance, so in any order, and once more under another message id. */
async function tellDisturbed(publisher: JetStreamPublisher, calls: readonly ToldCall[]): Promise<void> {
  const later = async (event: OutgoingEvent, withinMs: number): Promise<void> => {
    await sleep(Math.random() * withinMs);
    await publisher.publish(event);
  };
  await Promise.all(calls.flatMap(({ events }) => events.flatMap((event) => [later(event, DELAY_MS), later({ ...event, id: newId() }, COPY_MS)])));
}

async function play(stage: Stage): Promise<Played> {
  const bus = await busAs(stage.troncal, 'ari-gateway');
  const publisher = new JetStreamPublisher(bus);
  const faultAtMs = Date.now();
  await tellInOrder(publisher, Array.from({ length: CALLS }, (_, index) => toldCall(CLEAN, index)));
  await settled(stage, CLEAN);
  await tellDisturbed(publisher, Array.from({ length: CALLS }, (_, index) => toldCall(DISTURBED, index)));
  const liftedAtMs = Date.now();
  await settled(stage, DISTURBED);
  const { atMs: convergedAtMs, steps } = await convergence(liftedAtMs, [outboxesEmpty(stage), callsLive(stage)], [everythingReady(stage)]);
  const [clean, disturbed] = [await stateOf(stage, CLEAN), await stateOf(stage, DISTURBED)];
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
  const finding: Finding = { rule: 'final state as in a clean run (hash of ledger and tickets)', bound: hash(clean), measured: hash(disturbed), ok: clean === disturbed && clean.length > 1_000, offenders: [firstDifference(clean, disturbed)] };
  await bus.close();
  return { times: { faultAtMs, liftedAtMs, convergedAtMs }, findings: [finding], notes: [`${CALLS * 5} events in order, then ${CALLS * 10} out of order, late and twice; afterwards ${steps}`] };
}

/** All calls have ended in the ledger, every call has its ticket, and nothing of either changes any more. */
async function settled(stage: Stage, tenant: string): Promise<void> {
  let before = '';
  let since = performance.now();
  await eventually(`the consumers have settled ${tenant}`, async () => {
    const now = await stateOf(stage, tenant);
    if (now !== before) since = performance.now();
    before = now;
    return performance.now() - since > 3_000 && now.split('"ended":true').length > CALLS;
  }, 60_000).catch(() => {});
}

function firstDifference(clean: string, disturbed: string): string {
  let at = 0;
  while (at < clean.length && clean[at] === disturbed[at]) at += 1;
  return `…${clean.slice(Math.max(0, at - 80), at + 80)}… against …${disturbed.slice(Math.max(0, at - 80), at + 80)}…`;
}

/** F17: the bus delivers twice, late, and in any order. */
export const F17: Fault = {
  code: 'F17',
  what: `the same ${CALLS} calls told in order, and told with every event delayed, out of order, and twice`,
  bounds: { convergedMs: 5_000, gapMs: 60, anyOrder: true },
  arrivals: 0,
  plant: {
    // A second time by itself would change nothing: the ledger's and the tickets' rows are keyed by what they are about.
    defect: 'an inbox that takes events as they come, whatever should come before them',
    changes: [{ module: 'libs/persistence/{}/inbox/inbox', find: 'event.expectedPrior === 0', replace: 'event.expectedPrior >= 0' }],
  },
  play,
};
