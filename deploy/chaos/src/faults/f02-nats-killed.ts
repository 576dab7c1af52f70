import { setTimeout as sleep } from 'node:timers/promises';
import { TicketOpenedV1 } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import { Outbox, type Database } from '@troncal/persistence';
import { atMost, none } from '../judge/finding.js';
import { databaseAs } from '../troncal/logins.js';
import { callsLive, convergence, everythingReady, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

const KILLS = 20;
const EVERY_MS = 1_800;
const PER_SECOND = 500;
const AT_ONCE = 10;
const GAP_MS = 1_000;
const TENANT = 'load-f2';

/** States facts through a service's own outbox, at a steady rate, whatever becomes of the bus; the service's relay sends them. */
class Load {
  readonly stated: string[] = [];
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(private readonly db: Database) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const began = performance.now();
    const outbox = new Outbox('ticketing');
    for (let sent = 0; !this.stopped; ) {
      const due = Math.floor(((performance.now() - began) / 1_000) * PER_SECOND);
      for (; sent + AT_ONCE <= due; sent += AT_ONCE) this.stated.push(...(await this.state(outbox)));
      await sleep(5);
    }
  }

  private async state(outbox: Outbox): Promise<string[]> {
    const ids = await this.db.transaction(async (tx) => {
      const stated: string[] = [];
      for (let index = 0; index < AT_ONCE; index += 1) stated.push((await outbox.emit(tx, TicketOpenedV1, { tenant: TENANT, subject: newId(), data: TicketOpenedV1.example as never })).id);
      return stated;
    });
    await this.db.run("SELECT pg_notify('troncal_outbox_ticketing', '')");
    return ids;
  }
}

/** The longest time between two events going out, ms, and the longest that one waited. */
async function pauses(db: Database): Promise<{ readonly gapMs: number; readonly waitMs: number }> {
  const [row] = await db.query<{ gap: number; wait: number }>(
    `SELECT coalesce(max(gap), 0)::float AS gap, coalesce(max(wait), 0)::float AS wait FROM (
       SELECT extract(epoch FROM sent_at - lag(sent_at) OVER (ORDER BY sent_at)) * 1000 AS gap, extract(epoch FROM sent_at - created_at) * 1000 AS wait
       FROM outbox WHERE envelope LIKE '%"tenantid":"${TENANT}"%' AND sent_at IS NOT NULL) AS sent`,
  );
  return { gapMs: row?.gap ?? 0, waitMs: row?.wait ?? 0 };
}

async function play(stage: Stage): Promise<Played> {
  const { troncal, room, say } = stage;
  const db = databaseAs(troncal, 'ticketing');
  const load = new Load(db);
  await sleep(1_000);
  const faultAtMs = Date.now();
  for (let kill = 0; kill < KILLS; kill += 1) {
    await troncal.replace('nats');
    await sleep(EVERY_MS);
  }
  const liftedAtMs = Date.now();
  await load.stop();
  say(`NATS was killed ${KILLS} times; ${load.stated.length} events were stated`);
  const { atMs: convergedAtMs, steps } = await convergence(liftedAtMs, [outboxesEmpty(stage), callsLive(stage), everythingReady(stage)]);
  const { gapMs, waitMs } = await pauses(db);
  await db.close();
  const { events } = await room.log((seen) => seen.length >= load.stated.length && seen.filter(({ envelope }) => envelope.tenantid === TENANT).length >= load.stated.length);
  const onBus = new Set(events.map(({ envelope }) => envelope.id));
  const lost = load.stated.filter((id) => !onBus.has(id));
  const findings = [none('no event of the load lost', lost.map((id) => `event ${id}`), `${load.stated.length} events`), atMost('longest pause between two events going out', GAP_MS, gapMs, 'ms')];
  return { times: { faultAtMs, liftedAtMs, convergedAtMs }, findings, notes: [`from the last death on: ${steps}`, `an event waited at most ${Math.round(waitMs)} ms in its outbox`, `${events.filter(({ envelope }) => envelope.tenantid === TENANT).length} events of the load stand on the bus`] };
}

/** F2: the bus dies again and again under load. */
export const F2: Fault = {
  code: 'F2',
  what: `kill -9 of NATS ${KILLS} times under ${PER_SECOND} events/s`,
  bounds: { convergedMs: 5_000, gapMs: 60 },
  arrivals: 0,
  plant: {
    defect: 'a publisher that does not wait until the bus has stored the event',
    changes: [{ module: 'libs/messaging/{}/publish/jetstream-publisher', find: 'await this.bus.answer(this.bus.jetStream().publish(event.subject, event.payload, { msgID: event.id, headers, timeout: this.options.ackTimeoutMs ?? 5_000 }));', replace: 'this.bus.open().publish(event.subject, event.payload, { headers });' }],
  },
  play,
};
