import { randomBytes } from 'node:crypto';
import { CallEndedV1 } from '@troncal/contracts';
import { CLOCK, LOGGER, type RunningService } from '@troncal/chassis';
import { eventually, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { Database } from '@troncal/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TwilioCalls } from '../../test/support/twilio-calls.js';
import { RailCallBench } from '../../test/support/rail-call-bench.js';
import { startService } from '../index.js';
import { callIdOf } from '../voice/call-id.js';
import { NOBODY } from '../voice/flow/call-facts-of.js';
import { AskAboutCalls, ASKING } from './ask-about-calls.js';
import { TwilioCallLookup } from './call-lookup.twilio.js';
import { RailAccounts, type RailAccount } from './rail-accounts.js';
import type { AskedCall } from './rail-call.repository.js';
import { PgRailCallRepository } from './rail-call.repository.pg.js';
import { RailFactWriter } from './rail-fact-writer.js';

/** `prod` has one account, whoever's call it is. */
class ProdAccounts extends RailAccounts {
  constructor(private readonly client: RailAccount['client']) {
    super();
  }

  of(environment: string): Promise<RailAccount | undefined> {
    return Promise.resolve(environment === 'prod' ? { owner: NOBODY, client: this.client } : undefined);
  }

  all(): Promise<readonly RailAccount[]> {
    return Promise.resolve([{ owner: NOBODY, client: this.client }]);
  }
}

const AT_ONCE = { ...ASKING, silentMs: 0, priceMs: 0 };

describe('a call whose end Twilio told, and nobody heard', () => {
  const twilio = new TwilioCalls();
  let running: RunningService;
  let under: ServiceUnderTest;
  beforeAll(async () => {
    await twilio.start();
    under = await startUnderTest('provisioning', async (env) => (running = await startService(env)), { files: { CREDENTIALS_KEY_FILE: randomBytes(32).toString('hex') } });
  });
  afterAll(async () => {
    await under?.stop();
    await twilio.stop();
  });

  const note = async (bench: RailCallBench): Promise<void> => {
    const writer = running.get(RailFactWriter);
    for (const fact of bench.facts) writer.note(fact);
    await eventually('it is stored and told of', () => under.events.some(({ envelope }) => envelope.subject === callIdOf(bench.callSid)));
  };
  const ask = (limits = AT_ONCE): Promise<void> => {
    const lookup = new TwilioCallLookup(new ProdAccounts(twilio.client));
    return new AskAboutCalls(new PgRailCallRepository(running.get(Database)), lookup, running.get(RailFactWriter), running.get(CLOCK), running.get(LOGGER)).run(limits);
  };

  it('is found over at Twilio, and told as recovered, with its own time and length', async () => {
    const bench = new RailCallBench('lost').started().answered();
    await note(bench);
    twilio.calls.set(bench.callSid, { status: 'in-progress' });
    await ask();
    twilio.calls.set(bench.callSid, { status: 'completed', duration: '61', end_time: 'Mon, 30 Nov 2026 12:01:02 +0000', from: '+56225550101', to: '+56229145248' });
    await ask();
    const ended = await under.seen(CallEndedV1, ({ data }) => data.callId === callIdOf(bench.callSid));
    expect(ended).toMatchObject({ time: '2026-11-30T12:01:02.000Z', data: { disposition: 'answered', endedBy: 'system', durationMs: 62_000, answeredMs: 61_000, recovered: true } });
    await ask();
    expect(under.events.filter(({ envelope }) => envelope.subject === callIdOf(bench.callSid) && envelope.type === 'CallEnded.v1')).toHaveLength(1);
  });

  it('of which Twilio knows nothing any more is over', async () => {
    const bench = new RailCallBench('forgotten').started();
    await note(bench);
    await ask();
    expect((await under.seen(CallEndedV1, ({ data }) => data.callId === callIdOf(bench.callSid))).data).toMatchObject({ disposition: 'abandoned', endedBy: 'system', recovered: true });
  });

  it('is over after the longest that a call can be, when there is nobody to ask', async () => {
    const bench = new RailCallBench('nobody', 'demo', undefined, 'unknown').started();
    await note(bench);
    await ask();
    await ask({ ...AT_ONCE, longestMs: 0 });
    expect((await under.seen(CallEndedV1, ({ data }) => data.callId === callIdOf(bench.callSid))).data).toMatchObject({ recovered: true });
  });

  it('costs what Twilio says, once all of its legs are priced', async () => {
    const bench = new RailCallBench('priced').started().answered().status('completed', { durationS: 60 });
    await note(bench);
    await under.seen(CallEndedV1, ({ data }) => data.callId === callIdOf(bench.callSid));
    twilio.calls.set(bench.callSid, { status: 'completed', duration: '60', price: '-0.00850', price_unit: 'USD' });
    twilio.legs.set(bench.callSid, [{ status: 'completed', duration: '30', price: null }]);
    await ask();
    twilio.legs.set(bench.callSid, [{ status: 'completed', duration: '30', price: '-0.00400' }, { status: 'no-answer', duration: '0', price: null }]);
    await ask();
    const costs = async (): Promise<number[]> => {
      const rows = await running.get(Database).query<{ micros: number }>(`SELECT (fact ->> 'priceMicros')::int AS micros FROM rail_facts WHERE call_sid = $1 AND fact ->> 'kind' = 'cost' ORDER BY 1`, [bench.callSid]);
      return rows.map(({ micros }) => micros);
    };
    await eventually('its price is stored', async () => (await costs()).length === 3);
    expect(await costs()).toEqual([0, 4_000, 8_500]);
  });

  it('is asked for its price when that is due, though it was just asked how it sounded', async () => {
    const bench = new RailCallBench('heard').started().answered().status('completed', { durationS: 60 });
    const { callSid } = bench;
    await note(bench);
    await under.seen(CallEndedV1, ({ data }) => data.callId === callIdOf(callSid));
    await running.get(Database).run(`UPDATE rail_calls SET ended_at = clock_timestamp() - interval '1 hour', asked_at = NULL WHERE call_sid = $1`, [callSid]);
    const calls = new PgRailCallRepository(running.get(Database));
    const taken = async (which: Promise<readonly AskedCall[]>): Promise<readonly string[]> => (await which).map((call) => call.callSid);
    expect(await taken(calls.takeUnmeasured(60_000, 4, 100))).toContain(callSid);
    expect(await taken(calls.takeUnpriced(60_000, 6, 100))).toContain(callSid);
  });
});
