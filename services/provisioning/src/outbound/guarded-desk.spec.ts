import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { EmergencyUnreachableV1, emergencyPolicySchema, outboundPolicySchema, SpendCapReachedV1, type Caps, type CapsView, type SpendView } from '@troncal/contracts';
import { decide, type DialDecision } from '@troncal/dial-guard';
import { ManualClock } from '@troncal/kernel';
import { eventually, programEnv, specProgram, startSilentProxy, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { community, dials, gist, openDesk, type OpenDesk } from '../../test/outbound-lab.js';
import { startService } from '../index.js';
import { emergencyRail } from './emergency-rail.js';
import type { OutboundDecision, OutboundTarget } from './outbound-desk.js';

const NOON = '2026-11-30T15:00:00Z';
/** Processes are started, on a machine that may be busy. */
const LONG_MS = 90_000;
const MOBILE = '+56 9 8765 4321';
const caps = (more: Partial<Caps> = {}): Caps => ({ currency: 'USD', dayMicros: null, monthMicros: null, minutesPerDay: null, callsPerMinute: null, concurrentCalls: null, ...more });

let under: ServiceUnderTest;
/** At noon, whenever it is. */
let open: OpenDesk;
/** Two replicas of the desk, in processes of their own. */
let replicas: readonly ChildProcess[] = [];

beforeAll(async () => {
  under = await startUnderTest('provisioning', startService, { env: { CREDENTIALS_KEY: 'ab'.repeat(32) }, tenants: ['alpha', 'beta'] });
  open = openDesk(under.database, { clock: new ManualClock(NOON) });
  replicas = await Promise.all([replica(), replica()]);
}, 120_000);
afterAll(async () => {
  for (const child of replicas) child.kill('SIGKILL');
  await open?.close();
  await under?.stop();
});

async function replica(env: Readonly<Record<string, string>> = {}): Promise<ChildProcess> {
  const child = fork(specProgram('outbound-child'), { env: { ...programEnv(), DATABASE_URL: under.database.appUrl, SCHEMA: under.database.schema, ...env }, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child;
}

/** A desk with a clock of its own, until the test is over. */
function deskAt(clock: ManualClock, { onTestFinished }: Pick<TestContext, 'onTestFinished'>): OpenDesk {
  const desk = openDesk(under.database, { clock });
  onTestFinished(() => desk.close());
  return desk;
}

// Each has a tenant of its own, and mostly waits.
describe.concurrent('the outbound desk', () => {
  const create = async (code: string): Promise<void> => {
    await under.api.expect('POST', '/api/tenants', { code, name: code, country: 'CL', timeZone: 'America/Santiago' });
  };
  const setCaps = async (code: string, more: Partial<Caps>): Promise<void> => {
    await create(code);
    await under.api.expect<CapsView>('PUT', `/api/tenants/${code}/caps?environment=prod`, caps(more));
  };
  const spent = (code: string): Promise<SpendView> => under.api.expect<SpendView>('GET', `/api/tenants/${code}/spend?environment=prod`);
  const call = (tenant: string, key: string, dialled = MOBILE, { desk } = open): Promise<OutboundDecision> => desk.decide(dials(community(tenant), dialled, key));
  const numberOf = (decision: OutboundDecision): OutboundTarget & { readonly kind: 'number' } => {
    if (!decision.allowed || decision.target.kind !== 'number') throw new Error(`Expected a number, got ${gist(decision)}.`);
    return decision.target;
  };
  const storedOf = async (key: string): Promise<{ decision: DialDecision; outcome: OutboundDecision } | undefined> =>
    (await open.db.query<{ decision: DialDecision; outcome: OutboundDecision }>('SELECT decision, outcome FROM outbound_decisions WHERE request_key = $1', [key]))[0];
  /** What each replica says to calls of a tenant that are made at once, the same number on each. */
  const asked = (tenant: string, each: number): Promise<OutboundDecision[]> => {
    const ask = (child: ChildProcess, which: number): Promise<OutboundDecision[]> =>
      new Promise((resolve) => {
        const listen = (answer: { readonly tenant: string; readonly decisions: OutboundDecision[] }): void => {
          if (answer.tenant !== tenant) return;
          child.off('message', listen);
          resolve(answer.decisions);
        };
        child.on('message', listen);
        child.send({ tenant, keys: Array.from({ length: each }, (_, index) => `${tenant}-${which}-${index}`) });
      });
    return Promise.all(replicas.map(ask)).then((all) => all.flat());
  };

  it('says where each call of a phone goes', async () => {
    const tenant = community('where', { emergency: emergencyPolicySchema.parse({ acknowledged: true, line: { host: 'pbx.example.cl:5061' } }) });
    const target = async (dialled: string): Promise<unknown> => {
      const decision = await open.desk.decide(dials(tenant, dialled, `where-${dialled}`));
      return decision.allowed ? decision.target : decision.reason;
    };
    expect(await target('202')).toEqual({ kind: 'endpoint', to: '202', callerId: '201' });
    expect(await target('203')).toBe('endpoint_disabled');
    expect(await target('0')).toEqual({ kind: 'operator', to: '0', route: 'people', callerId: '201' });
    expect(await target('#')).toBe('no_such_endpoint');
    expect(await target('100')).toEqual({ kind: 'route', to: '100', route: 'front', callerId: '201' });
    expect(await target('2 2345 6789')).toEqual({ kind: 'our-number', to: '+56223456789', number: { environment: 'prod', tenant: 'neighbour', route: 'main' }, callerId: '+56229145248' });
    expect(await target('9 8765 4321')).toEqual({ kind: 'number', to: '+56987654321', callerId: '+56229145248', timeLimitS: 3_600, reservationId: expect.any(String) as string });
    expect(await target('133')).toEqual({ kind: 'emergency', to: '133', by: 'line', sip: 'sip:133@pbx.example.cl:5061;transport=tls', callerId: '+56229145248' });
    const american = community('where', { country: 'US', outbound: outboundPolicySchema.parse({}) });
    // What a tenant is told when it is declared is what happens.
    expect([emergencyRail('US', american.emergency), emergencyRail('CL', tenant.emergency), emergencyRail('CL', { line: null })]).toEqual(['twilio', 'line', 'none']);
    expect(await open.desk.decide(dials(american, '911', 'where-911'))).toMatchObject({ target: { kind: 'emergency', to: '911', by: 'twilio' } });
  });

  it('refuses with a reason, a cause and what the caller hears, and keeps each decision with its inputs', async () => {
    for (const [dialled, reason, cause] of [['+1 809 555 1234', 'lookalike_country', 21], ['+56 700 123 4567', 'premium_denied', 21], ['+881 6 2345 6789', 'satellite_denied', 21], ['+51 987 654 321', 'country_not_allowed', 21], ['223456789;phone-context=+1', 'invalid_number', 28], ['299', 'no_such_endpoint', 1]] as const) {
      const key = `refused-${reason}`;
      const decision = await call('refused', key, dialled);
      expect(decision).toMatchObject({ allowed: false, reason, cause, spoken: { say: { es: expect.any(String) as string, en: expect.any(String) as string } } });
      const stored = await eventually('it is kept', () => storedOf(key));
      expect(stored.outcome).toEqual(decision);
      expect(decide(stored.decision.inputs.request, stored.decision.inputs.facts)).toEqual(stored.decision);
    }
    const strict = community('refused', { outbound: outboundPolicySchema.parse({ countries: ['CL'], tollFree: false, denyPrefixes: ['+5698765'] }) });
    expect(await open.desk.decide(dials(strict, MOBILE, 'prefix'))).toMatchObject({ reason: 'prefix_denied' });
    expect(await open.desk.decide(dials(strict, '800 123 456', 'toll-free'))).toMatchObject({ reason: 'toll_free_denied' });
    expect(await open.desk.decide(dials(community('refused', { suspended: true }), MOBILE, 'suspended'))).toMatchObject({ reason: 'tenant_suspended' });
    expect(await open.desk.decide(dials(community('refused', { numbers: [], endpoints: [] }), MOBILE, 'numberless'))).toMatchObject({ reason: 'no_caller_id' });
    expect(await open.desk.decide(dials(community('refused', { numbers: [] }), MOBILE, 'foreign'))).toMatchObject({ reason: 'caller_id_not_owned' });
  });

  it('keeps the money for a call, gives the same answer to the same question, and counts in the end what it cost', async (test) => {
    await setCaps('ledger', { dayMicros: 1_000_000, monthMicros: 5_000_000, minutesPerDay: 100 });
    const now = deskAt(new ManualClock(new Date()), test);
    const target = numberOf(await call('ledger', 'ledger-1', MOBILE, now));
    expect(await call('ledger', 'ledger-1', MOBILE, now)).toMatchObject({ target });
    expect(await spent('ledger')).toMatchObject({ currency: 'USD', dayMicros: { limit: 1_000_000, used: 0, reserved: 610_000, left: 390_000 }, dayMinutes: { used: 0, reserved: 61, left: 39 }, concurrentCalls: { used: 1 } });
    // 39 minutes are left for the next one.
    expect(numberOf(await call('ledger', 'ledger-2', MOBILE, now))).toMatchObject({ timeLimitS: 39 * 60 - 5 });

    const stored = await storedOf('ledger-1');
    expect(stored && decide(stored.decision.inputs.request, stored.decision.inputs.facts)).toEqual(stored?.decision);

    for (let times = 0; times < 3; times += 1) await open.desk.settle({ reservationId: target.reservationId, billedS: 61 });
    expect(await spent('ledger')).toMatchObject({ dayMicros: { used: 20_000, reserved: 390_000 }, monthMicros: { used: 20_000 }, dayMinutes: { used: 2 }, concurrentCalls: { used: 1 } });
    // Twilio's own price replaces ours, whatever is told later without one.
    for (const priceMicros of [17_500, 17_500, undefined]) await open.desk.settle({ reservationId: target.reservationId, billedS: 61, ...(priceMicros !== undefined && { priceMicros }) });
    expect(await spent('ledger')).toMatchObject({ dayMicros: { used: 17_500 }, monthMicros: { used: 17_500 } });
    await open.desk.settle({ reservationId: 'nobody’s', billedS: 61 });
    await expect(open.desk.settle({ reservationId: target.reservationId, billedS: -1 })).rejects.toMatchObject({ code: 'bad_settlement' });
    await expect(open.desk.settle({ reservationId: target.reservationId, billedS: 1, priceMicros: 0.5 })).rejects.toMatchObject({ code: 'bad_settlement' });
  });

  it('lets no two calls spend the same money: fifty at once on two replicas, against money for one', async () => {
    await setCaps('last-cent', { dayMicros: 610_000 });
    const decisions = await asked('last-cent', 25);
    expect(decisions).toHaveLength(50);
    expect(decisions.filter((decision) => decision.allowed)).toHaveLength(1);
    // On a machine that is busy some are refused because their turn doesn't come in time, which spends nothing either.
    expect(decisions.map(gist).filter((each) => !['number', 'spend_cap', 'budget_unknown'].includes(each))).toEqual([]);
    expect(await spent('last-cent')).toMatchObject({ dayMicros: { reserved: 610_000, left: 0 } });
    // However many were refused by that cap, one event tells so.
    await under.seen(SpendCapReachedV1, (event) => event.tenantid === 'last-cent');
    const told = under.events.filter(({ envelope }) => envelope.type === SpendCapReachedV1.type && envelope.tenantid === 'last-cent');
    expect(told.map(({ envelope }) => envelope.data)).toEqual([expect.objectContaining({ environment: 'prod', cap: 'day_spend', limit: 610_000, used: 610_000, currency: 'USD' })]);
  }, LONG_MS);

  it('lets none of them spend it though they share one small rest, cut into what is left', async () => {
    await setCaps('shared-rest', { dayMicros: 2_000_000 });
    const decisions = await asked('shared-rest', 10);
    const limits = decisions.flatMap((decision) => (decision.allowed && decision.target.kind === 'number' ? [decision.target.timeLimitS] : []));
    // 200 minutes: three whole calls of 61, and 17 for a fourth.
    expect(limits.toSorted((one, other) => one - other)).toEqual([17 * 60 - 5, 3_600, 3_600, 3_600]);
    expect(await spent('shared-rest')).toMatchObject({ dayMicros: { reserved: 2_000_000, left: 0 } });
  }, LONG_MS);

  it('holds what a killed replica had kept until the call could be over, and no longer', async (test) => {
    await setCaps('killed', { concurrentCalls: 1 });
    const [before, after] = await Promise.all([replica({ CRASH_AT: 'outbound-reserve.before-commit' }), replica({ CRASH_AT: 'outbound-reserve.after-commit' })]);
    test.onTestFinished(() => [before, after].forEach((child) => child.kill('SIGKILL')));
    before.send({ tenant: 'killed', keys: ['killed-before'] });
    expect((await once(before, 'exit'))[1]).toBe('SIGKILL');
    expect(await spent('killed')).toMatchObject({ concurrentCalls: { used: 0 } });

    after.send({ tenant: 'killed', keys: ['killed-after'] });
    expect((await once(after, 'exit'))[1]).toBe('SIGKILL');
    expect(await spent('killed')).toMatchObject({ concurrentCalls: { used: 1 } });
    const clock = new ManualClock(new Date());
    const desk = deskAt(clock, test);
    // Twilio asks again, another replica answers: the money is there already.
    const again = numberOf(await call('killed', 'killed-after', MOBILE, desk));
    expect(await spent('killed')).toMatchObject({ concurrentCalls: { used: 1 } });
    expect(gist(await call('killed', 'killed-next', MOBILE, desk))).toBe('concurrency_cap');

    clock.advance((again.timeLimitS + 599) * 1_000);
    expect(gist(await call('killed', 'killed-early', MOBILE, desk))).toBe('concurrency_cap');
    clock.advance(30_000);
    expect(gist(await call('killed', 'killed-late', MOBILE, desk))).toBe('number');
    // It did happen after all: it counts, on its own day.
    await open.desk.settle({ reservationId: again.reservationId, billedS: 60 });
    expect(await spent('killed')).toMatchObject({ dayMicros: { used: 10_000 } });
  }, LONG_MS);

  it('caps bursts, and lets go after a minute', async (test) => {
    const clock = new ManualClock(NOON);
    const desk = deskAt(clock, test);
    await setCaps('burst', { callsPerMinute: 3 });
    const calls = [await call('burst', 'b1', MOBILE, desk), await call('burst', 'b2', MOBILE, desk), await call('burst', 'b3', MOBILE, desk), await call('burst', 'b4', MOBILE, desk)];
    expect(calls.map(gist)).toEqual(['number', 'number', 'number', 'burst_cap']);
    clock.advance(61_000);
    expect(gist(await call('burst', 'b5', MOBILE, desk))).toBe('number');
    const told = await under.seen(SpendCapReachedV1, (event) => event.tenantid === 'burst');
    expect(told.data).toMatchObject({ cap: 'calls_per_minute', limit: 3, used: 3 });
    expect(told.data).not.toHaveProperty('currency');
  });

  it('counts a day by the tenant’s own midnight, and a month by its own first', async (test) => {
    const clock = new ManualClock(NOON);
    const desk = deskAt(clock, test);
    await setCaps('calendar', { dayMicros: 610_000, monthMicros: 700_000 });
    clock.set('2026-11-30T02:59:00Z'); // 23:59 of the 29th in Santiago
    const first = numberOf(await call('calendar', 'c1', MOBILE, desk));
    await open.desk.settle({ reservationId: first.reservationId, billedS: 3_600 });
    expect(numberOf(await call('calendar', 'c2', MOBILE, desk))).toMatchObject({ timeLimitS: 55 });
    clock.set('2026-11-30T03:01:00Z'); // the 30th: a new day, of a month that has 9 cents left besides what the last call may cost
    expect(numberOf(await call('calendar', 'c3', MOBILE, desk))).toMatchObject({ timeLimitS: 9 * 60 - 5 });
    clock.set('2026-12-01T02:59:00Z'); // still November there, and all is lapsed but what was settled
    expect(numberOf(await call('calendar', 'c4', MOBILE, desk))).toMatchObject({ timeLimitS: 10 * 60 - 5 });
    clock.set('2026-12-01T03:01:00Z');
    expect(numberOf(await call('calendar', 'c5', MOBILE, desk))).toMatchObject({ timeLimitS: 3_600 });
  });

  it('prices a call by the longest prefix of its own country, and refuses one whose price nobody knows', async () => {
    await setCaps('prices', {});
    const clock = new ManualClock(NOON);
    await open.rates.replace('US', [{ prefix: '+1', currency: 'USD', perMinuteMicros: 14_000 }, { prefix: '+1907', currency: 'USD', perMinuteMicros: 90_000 }], clock.date());
    await open.rates.replace('US', [{ prefix: '+1', currency: 'USD', perMinuteMicros: 13_000 }, { prefix: '+1907', currency: 'USD', perMinuteMicros: 90_000 }], clock.date());
    const priceOf = async (dialled: string): Promise<number | undefined> => {
      const key = `prices-${dialled}`;
      await open.desk.decide(dials(community('prices', { outbound: outboundPolicySchema.parse({ countries: ['CL', 'US', 'DO'] }) }), dialled, key));
      return (await storedOf(key))?.decision.inputs.facts.budget?.rate?.perMinuteMicros;
    };
    expect(await priceOf('+1 212 555 2368')).toBe(13_000);
    expect(await priceOf('+1 907 555 1234')).toBe(90_000);
    // +1 is no price for the Dominican Republic: the platform's own for unknown ones holds.
    expect(await priceOf('+1 809 555 1234')).toBe(10_000);
    const strict = openDesk(under.database, { clock, settings: { OUTBOUND_DEFAULT_RATE_MICROS: undefined } });
    try {
      expect(gist(await strict.desk.decide(dials(community('prices'), MOBILE, 'priceless')))).toBe('no_rate');
      expect(gist(await strict.desk.decide(dials(community('prices'), '+1 212 555 2368', 'priced')))).toBe('number');
    } finally {
      await strict.close();
    }
  });

  it('keeps environments apart', async () => {
    await setCaps('apart', { dayMicros: 0 });
    expect(gist(await call('apart', 'apart-prod'))).toBe('spend_cap');
    expect(gist(await open.desk.decide(dials(community('apart', { environment: 'dev' }), MOBILE, 'apart-prod')))).toBe('number');
  });

  it('tells a person when help can’t be reached', async () => {
    const decision = await call('helpless', 'helpless-133', '133');
    expect(decision).toMatchObject({ allowed: false, reason: 'emergency_unreachable', cause: 3, spoken: { say: { en: expect.stringContaining('mobile phone') as string } } });
    await call('helpless', 'helpless-133', '133');
    const event = await under.seen(EmergencyUnreachableV1, ({ tenantid }) => tenantid === 'helpless');
    expect(event.data).toEqual({ environment: 'prod', callId: 'call-helpless-133', number: '133', country: 'CL', extension: '201', acknowledged: true });
    expect(event.correlationid).toBe('call-helpless-133');
  });

  it('answers without PostgreSQL: inside, ours and help go on, numbers outside are refused, and what was decided is kept when it is back', async () => {
    const { port, hostname } = new URL(under.database.appUrl);
    const proxy = await startSilentProxy({ host: hostname, port: Number(port) });
    const url = new URL(under.database.appUrl);
    url.port = String(proxy.port);
    // Nothing but the desk's own deadline ends its waiting: the database would be waited for longer than this spec is.
    const away = openDesk({ ...under.database, appUrl: url.href }, { clock: new ManualClock(NOON), databaseMs: 10 * LONG_MS, deadline: 'real' });
    const asks = (dialled: string): Promise<OutboundDecision> => away.desk.decide(dials(community('away'), dialled, `away-${dialled}`));
    try {
      let warm = 0;
      await eventually('it answers in time on a busy machine', async () => gist(await away.desk.decide(dials(community('away'), MOBILE, `away-warm-${(warm += 1)}`))) === 'number', LONG_MS);
      const [before] = await open.db.query<{ n: number }>("SELECT count(*) AS n FROM spend_reservations WHERE tenant = 'away'");
      proxy.silence();
      expect(gist(await asks('202'))).toBe('endpoint');
      expect(gist(await asks('0'))).toBe('operator');
      expect(gist(await asks('2 2345 6789'))).toBe('our-number');
      expect(gist(await asks('133'))).toBe('emergency_unreachable');
      // It answers while PostgreSQL still says nothing.
      expect(await asks(MOBILE)).toMatchObject({ allowed: false, reason: 'budget_unknown', cause: 41, spoken: { say: { es: expect.stringContaining('más tarde') as string } } });
      proxy.speak();
      await under.seen(EmergencyUnreachableV1, ({ tenantid }) => tenantid === 'away');
      expect((await eventually('it is kept', () => storedOf(`away-${MOBILE}`))).outcome).toMatchObject({ reason: 'budget_unknown' });
      // What was asked for and given up kept no money, though its statements came through in the end.
      await away.close();
      const [kept] = await open.db.query<{ n: number }>("SELECT count(*) AS n FROM spend_reservations WHERE tenant = 'away'");
      expect(kept?.n).toBe(before?.n);
    } finally {
      proxy.speak();
      await away.close();
      await proxy.close();
    }
  }, LONG_MS);
});

describe('caps over HTTP', () => {
  beforeAll(async () => {
    for (const code of ['alpha', 'beta']) await under.api.expect('POST', '/api/tenants', { code, name: code, country: 'CL', timeZone: 'America/Santiago' });
  });
  const at = (code: string, environment = 'prod'): string => `/api/tenants/${code}/caps?environment=${environment}`;

  it('are the platform’s defaults until somebody sets them, per environment', async () => {
    expect(await under.api.expect('GET', at('alpha'))).toEqual({
      tenant: 'alpha', environment: 'prod', declared: false, revision: 0, currency: 'USD', dayMicros: 10_000_000, monthMicros: 100_000_000, minutesPerDay: 600, callsPerMinute: 10, concurrentCalls: 5,
    });
    const set = caps({ dayMicros: 2_500_000, concurrentCalls: 0 });
    expect(await under.api.expect('PUT', at('alpha'), set)).toEqual({ ...set, tenant: 'alpha', environment: 'prod', declared: true, revision: 1 });
    expect(await under.api.expect('PUT', at('alpha'), set)).toMatchObject({ revision: 1 });
    expect(await under.api.expect('PUT', at('alpha'), { ...set, concurrentCalls: 1 })).toMatchObject({ revision: 2, concurrentCalls: 1 });
    expect(await under.api.expect('GET', at('alpha', 'dev'))).toMatchObject({ declared: false });
  });

  it('are seen by their tenant and set by the platform', async () => {
    expect((await under.apiOf('alpha').send('GET', at('alpha'))).status).toBe(200);
    expect((await under.apiOf('alpha').send('GET', '/api/tenants/alpha/spend?environment=prod')).status).toBe(200);
    expect(await under.apiOf('alpha').send('PUT', at('alpha'), caps())).toMatchObject({ status: 403, body: { code: 'platform_only' } });
    expect(await under.apiOf('beta').send('GET', at('alpha'))).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
    expect(await under.apiOf('beta').send('GET', '/api/tenants/alpha/spend?environment=prod')).toMatchObject({ status: 404 });
    expect(await under.api.send('GET', at('nobody'))).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
  });

  it.each([
    ['no environment', '/api/tenants/alpha/caps', caps()],
    ['an odd environment', at('alpha', 'Prod!'), caps()],
    ['a negative cap', at('alpha'), caps({ dayMicros: -1 })],
    ['half a millionth', at('alpha'), caps({ dayMicros: 0.5 })],
    ['a cap left out', at('alpha'), { currency: 'USD' }],
    ['an unknown cap', at('alpha'), { ...caps(), perWeek: 3 }],
    ['an odd currency', at('alpha'), caps({ currency: 'dollars' })],
  ])('refuse %s', async (_, path, body) => {
    expect(await under.api.send('PUT', path, body)).toMatchObject({ status: 422 });
  });
});
