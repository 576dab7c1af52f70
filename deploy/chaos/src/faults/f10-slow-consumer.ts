import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamPublisher } from '@troncal/messaging';
import { eventually } from '@troncal/testing';
import type { Finding } from '../judge/evidence.js';
import { atMost } from '../judge/finding.js';
import { busAs } from '../troncal/logins.js';
import { toldCall } from '../workload/told-calls.js';
import { callsLive, convergence, everythingReady, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

const SECONDS = 15;
const CALLS_PER_SECOND = 40;
const SLOW_MS = 100;
const LAG_SEEN_MS = 30_000;
const FLAG = 'slow';
const WARM_SECONDS = 8;
const [WARM, BASELINE, SLOW, AFTERWARDS] = ['load-f10w', 'load-f10a', 'load-f10b', 'load-f10c'];

/** Tells of calls at a steady rate; when each one's first QueueLeft was sent, ms since the epoch. */
async function tell(publisher: JetStreamPublisher, tenant: string, seconds = SECONDS): Promise<Map<string, number>> {
  const sentAt = new Map<string, number>();
  const began = performance.now();
  const sending: Promise<void>[] = [];
  for (let index = 0; index < seconds * CALLS_PER_SECOND; index += 1) {
    const call = toldCall(tenant, index);
    sending.push(
      (async () => {
        for (const [place, event] of call.events.entries()) {
          if (place === 2) sentAt.set(call.callId, Date.now());
          await publisher.publish(event);
        }
      })(),
    );
    await sleep(Math.max(0, began + ((index + 1) * 1_000) / CALLS_PER_SECOND - performance.now()));
  }
  await Promise.all(sending);
  return sentAt;
}

/** How long ticketing took from each event to its effect: the 99th of a hundred, ms. What isn't there within a minute took at least as long as until now. */
async function p99(stage: Stage, tenant: string, sentAt: ReadonlyMap<string, number>): Promise<number> {
  const rows = (): Promise<{ call: string; at: number }[]> =>
    stage.room.admin.query(`SELECT envelope::jsonb -> 'data' ->> 'callId' AS call, extract(epoch FROM created_at)::float * 1000 AS at FROM ticketing.outbox WHERE envelope LIKE '%"tenantid":"${tenant}"%'`);
  await eventually(`every ticket of ${tenant} is there`, async () => (await rows()).length >= sentAt.size, 60_000).catch(() => {});
  const doneAt = new Map((await rows()).map(({ call, at }) => [call, at]));
  const now = Date.now();
  const delays = [...sentAt].map(([call, at]) => (doneAt.get(call) ?? now) - at).toSorted((a, b) => a - b);
  return delays[Math.ceil(delays.length * 0.99) - 1] ?? Number.NaN;
}

/** When the slow consumer's own service tells that it is behind, ms after `sinceMs`; null when it never does. */
async function lagSeen({ troncal }: Stage, sinceMs: number): Promise<{ readonly afterMs: number | null; readonly most: number }> {
  let most = 0;
  let afterMs: number | null = null;
  while (Date.now() - sinceMs < SECONDS * 1_000 + 5_000) {
    const text = await fetch(`http://127.0.0.1:${troncal.ports['collections-dialer']}/metrics`, { signal: AbortSignal.timeout(2_000) }).then((response) => response.text(), () => '');
    const lags = [...text.matchAll(/^troncal_consumer_lag_count\{[^}]*handler="calls"[^}]*\} (\d+)/gm)].map((match) => Number(match[1]));
    most = Math.max(most, ...lags);
    if (most > CALLS_PER_SECOND) afterMs ??= Date.now() - sinceMs;
    await sleep(500);
  }
  return { afterMs, most };
}

async function play(stage: Stage): Promise<Played> {
  const { troncal, say } = stage;
  const bus = await busAs(troncal, 'ari-gateway');
  const publisher = new JetStreamPublisher(bus);
  // A process that has never had this load is slow by itself at first, and would be a flattering baseline.
  await p99(stage, WARM, await tell(publisher, WARM, WARM_SECONDS));
  const before = await p99(stage, BASELINE, await tell(publisher, BASELINE));
  troncal.flag(FLAG, true);
  const faultAtMs = Date.now();
  say(`the ledger takes ${SLOW_MS} ms for each event from now on`);
  const [sentAt, seen] = await Promise.all([tell(publisher, SLOW), lagSeen(stage, faultAtMs)]);
  const during = await p99(stage, SLOW, sentAt);
  const liftedAtMs = Date.now();
  troncal.flag(FLAG, false);
  const { atMs: convergedAtMs, steps } = await convergence(liftedAtMs, [outboxesEmpty(stage), callsLive(stage), everythingReady(stage)]);
  // What is slow by itself, or was that time, must not pass for the measure of it: the better of before and after is.
  const after = await p99(stage, AFTERWARDS, await tell(publisher, AFTERWARDS));
  const baseline = Math.min(before, after);
  await bus.close();
  const ratio: Finding = { rule: 'another consumer’s 99th percentile beside the slow one', bound: '< 2 times the baseline', measured: `${Math.round(during)} ms, ${(during / baseline).toFixed(2)} times ${Math.round(baseline)} ms`, ok: during < 2 * baseline, offenders: [] };
  return { times: { faultAtMs, liftedAtMs, convergedAtMs }, findings: [ratio, atMost('the lag is told', LAG_SEEN_MS, seen.afterMs, 'ms', [`lag of ${seen.most} at most`])], notes: [`99th percentile before ${Math.round(before)} ms, after ${Math.round(after)} ms`, `the slow consumer was behind by ${seen.most} events`, `afterwards: ${steps}`] };
}

/** F10: one consumer is slow. */
export const F10: Fault = {
  code: 'F10',
  what: `one consumer takes ${SLOW_MS} ms for each event of a flow of ${CALLS_PER_SECOND * 5} events/s`,
  bounds: { convergedMs: 5_000, gapMs: 60 },
  arrivals: 0,
  shims: [
    {
      module: 'services/collections-dialer/{}/contacts/on-call.consumer',
      find: 'await this.contacts.record(tx, factsOf(event));',
      replace: `if ((await import('node:fs')).existsSync('{{orders}}/${FLAG}')) await new Promise((resolve) => setTimeout(resolve, ${SLOW_MS}));\n        await this.contacts.record(tx, factsOf(event));`,
    },
  ],
  plant: {
    defect: 'consumers of one process that take their events one after the other',
    changes: [
      {
        module: 'libs/messaging/{}/consume/settle-message',
        find: 'await withDeadline(handler.handle(event, delivery),',
        replace: 'await (globalThis.chaosTurn = (globalThis.chaosTurn ?? Promise.resolve()).catch(() => {}).then(() => handler.handle(event, delivery)));\n        await withDeadline(Promise.resolve(),',
      },
    ],
  },
  play,
};
