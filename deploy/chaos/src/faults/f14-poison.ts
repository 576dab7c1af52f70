import { setTimeout as sleep } from 'node:timers/promises';
import { errorText, newId } from '@troncal/kernel';
import { JetStreamPublisher } from '@troncal/messaging';
import { eventually } from '@troncal/testing';
import type { DeadLetterView, DeadLetterWithBody } from '@troncal/contracts';
import type { Finding } from '../judge/evidence.js';
import { atMost, none } from '../judge/finding.js';
import { busAs, databaseAs } from '../troncal/logins.js';
import { toldCall, type ToldCall } from '../workload/told-calls.js';
import { callsLive, convergence, everythingReady, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

const CALLS = 400;
const PER_SECOND = 20;
/** One in so many events is poison: half is no JSON at all, half an event whose handler always fails. */
const POISON_EVERY = 100;
const TRIES_AT_MOST = 10;
const GOOD_SHARE = 0.95;
const POISONED = '+56000000666';
const [CLEAN, MIXED] = ['load-f14a', 'load-f14b'];

/** Tells of calls at a steady rate, poison among them when asked; gives how long the ledger took for the good ones, ms. */
class Flow {
  readonly poison: string[] = [];
  constructor(
    private readonly publisher: JetStreamPublisher,
    private readonly publishRaw: (subject: string, body: string) => void,
  ) {}

  async tell(tenant: string, poisoned: boolean): Promise<ToldCall[]> {
    const told: ToldCall[] = [];
    const began = performance.now();
    for (let index = 0, events = 0; index < CALLS / 4; index += 1) {
      const call = toldCall(tenant, index);
      told.push(call);
      for (const event of call.events) {
        await this.publisher.publish(event);
        events += 1;
        if (poisoned && events % (POISON_EVERY / 2) === 0) await this.tellPoison(tenant, events % POISON_EVERY === 0);
      }
      await sleep(Math.max(0, began + ((index + 1) * 1_000) / PER_SECOND - performance.now()));
    }
    return told;
  }

  private async tellPoison(tenant: string, garbage: boolean): Promise<void> {
    if (garbage) {
      this.publishRaw(`evt.${tenant}.calls.CallStarted.v1`, 'no { json');
      this.poison.push('garbage');
      return;
    }
    const [started] = toldCall(tenant, 0).events;
    if (!started) return;
    const id = newId();
    const envelope = JSON.parse(started.payload) as { id: string; data: { from: string } };
    envelope.id = id;
    envelope.data.from = POISONED;
    await this.publisher.publish({ ...started, id, payload: JSON.stringify(envelope) });
    this.poison.push(id);
  }
}

async function play(stage: Stage): Promise<Played> {
  const { troncal, say } = stage;
  const bus = await busAs(troncal, 'ari-gateway');
  const connection = await bus.connection();
  const flow = new Flow(new JetStreamPublisher(bus), (subject, body) => connection.publish(subject, body));
  const ledger = databaseAs(troncal, 'collections-dialer');
  const ended = async (tenant: string): Promise<number> => (await ledger.query<{ n: number }>('SELECT count(*)::int AS n FROM contacts WHERE tenant = $1 AND ended_at IS NOT NULL', [tenant]))[0]?.n ?? 0;
  const timed = async (tenant: string, poisoned: boolean): Promise<number> => {
    const began = performance.now();
    const told = await flow.tell(tenant, poisoned);
    await eventually(`all good calls of ${tenant} are in the ledger`, async () => (await ended(tenant)) >= told.length, 60_000);
    return told.length / ((performance.now() - began) / 1_000);
  };
  const faultAtMs = Date.now();
  // Asked of the table by its owner: a fault of the handler's surroundings, not of its code, and one that can be mended.
  const owner = stage.room.admin;
  await owner.run(`ALTER TABLE collections_dialer.contacts ADD CONSTRAINT chaos_poison CHECK (party IS DISTINCT FROM '${POISONED}')`);
  const clean = await timed(CLEAN, false);
  const mixed = await timed(MIXED, true);
  say(`${flow.poison.length} poisoned events among the flow`);
  const letters = await lettersOf(stage, flow.poison.length);
  await owner.run('ALTER TABLE collections_dialer.contacts DROP CONSTRAINT chaos_poison');
  const liftedAtMs = Date.now();
  const redriven = await redrive(stage, letters);
  const { atMs: convergedAtMs, steps } = await convergence(liftedAtMs, [outboxesEmpty(stage), callsLive(stage), everythingReady(stage)]);
  await bus.close();
  await ledger.close();
  const share = mixed / clean;
  const findings: Finding[] = [
    { rule: 'good flow beside poison', bound: `>= ${GOOD_SHARE * 100} % of the clean rate`, measured: `${Math.round(share * 100)} % (${mixed.toFixed(1)} of ${clean.toFixed(1)} calls/s)`, ok: share >= GOOD_SHARE, offenders: [] },
    { rule: 'every poisoned event is a dead letter', bound: String(flow.poison.length), measured: String(letters.length), ok: letters.length === flow.poison.length, offenders: letters.map((letter) => `${letter.eventType} ${letter.eventId}: ${letter.error}`) },
    atMost('tries before it was given up', TRIES_AT_MOST, letters.length === 0 ? null : Math.max(...letters.map((letter) => letter.tries)), 'tries'),
    none('redriven letters take effect, once', redriven, 'the redrivable ones'),
  ];
  return { times: { faultAtMs, liftedAtMs, convergedAtMs }, findings, notes: [`after the mending: ${steps}`] };
}

async function lettersOf({ troncal }: Stage, wanted: number): Promise<DeadLetterView[]> {
  const all = async (): Promise<DeadLetterView[]> => (await troncal.api.expect<{ deadLetters: DeadLetterView[] }>('GET', '/api/dead-letters/collections-dialer?limit=200')).deadLetters;
  await eventually('all poison is given up', async () => (await all()).length >= wanted, 90_000).catch(() => {});
  return all();
}

/** What is wrong with redriving: a letter that does not go, or that takes effect twice though it was asked for twice. */
async function redrive({ troncal }: Stage, letters: readonly DeadLetterView[]): Promise<string[]> {
  const faults: string[] = [];
  for (const letter of letters.filter((each) => each.obstacle === null && each.eventId !== null)) {
    const path = `/api/dead-letters/collections-dialer/${letter.deadLetterId}/redrive`;
    try {
      const answers = [await troncal.api.send('POST', path, {}), await troncal.api.send('POST', path, {})];
      if (answers.some((answer) => answer.status >= 300)) faults.push(`${letter.deadLetterId}: redriving answered ${answers.map((answer) => answer.status).join(' and ')}`);
      const { history } = await troncal.api.expect<DeadLetterWithBody>('GET', `/api/dead-letters/collections-dialer/${letter.deadLetterId}`);
      const done = history.filter((each) => each.act === 'redrive' && each.outcome === 'done').length;
      if (done !== 1) faults.push(`${letter.deadLetterId} was redriven ${done} times`);
    } catch (error) {
      faults.push(errorText(error));
    }
  }
  return faults;
}

/** F14: one event in a hundred can't be handled. */
export const F14: Fault = {
  code: 'F14',
  what: `1 % of the flow is poison, half of it no JSON; then its cause is mended and the dead letters are redriven`,
  bounds: { convergedMs: 5_000, gapMs: 60, deadLetters: true },
  arrivals: 0,
  shims: [
    // As many tries as ever, but not two minutes of waiting between them.
    { module: 'libs/messaging/{}/consume/consumer-runtime', find: 'DEFAULT_BACKOFF_MS = [250, 1_000, 5_000, 15_000, 30_000, 60_000]', replace: 'DEFAULT_BACKOFF_MS = [100, 200, 400, 800, 1_500, 2_000]' },
  ],
  plant: {
    defect: 'a consumer that tries a failing event for ever',
    changes: [{ module: 'libs/messaging/{}/consume/settle-message', find: 'if (waitMs === undefined)', replace: 'if (error instanceof PermanentError)' }],
  },
  play,
};
