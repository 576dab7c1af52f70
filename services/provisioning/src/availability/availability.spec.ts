import { CallQualityMeasuredV1, KpiMissedV1, type IssuedSheetView, type KpiTarget, type PlatformKpis, type TenantKpis } from '@troncal/contracts';
import { Database } from '@troncal/persistence';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, NUMBER, OFFICE } from '../../test/support/at-twilio.js';
import { callOf, newCallSid, TwilioAsks } from '../../test/support/twilio-asks.js';
import type { Environment } from '../environments/environment.js';
import { PgEnvironmentRepository } from '../environments/environments.repository.pg.js';
import { WatchTargets } from '../kpis/watch-targets.js';
import { AskAboutQuality, QUALITY } from '../rail-calls/ask-about-quality.js';
import { VoiceDirectory } from '../voice/directory/voice-directory.js';
import { ProbeVoice } from './probe-voice.js';
import { ReadFailures } from './read-failures.js';

const TENANT = 'oficina_principal';
const NOBODYS = 'https://prod.invalid';

describe('what can be measured of Twilio’s rail', () => {
  let at: AtTwilio;
  let twilio: TwilioAsks;
  beforeAll(async () => {
    at = await AtTwilio.start();
    await at.under.restart({ PUBLIC_URL: at.under.api.url });
    await at.environment('prod', DOMAIN, { publicUrl: NOBODYS });
    voice();
    await at.apply([OFFICE]);
    twilio = new TwilioAsks(() => at.under.api.url, NOBODYS, at.twilio.authToken);
    await known();
  });
  afterAll(() => at?.stop());

  /** Whoever answers follows the declarations by itself. */
  const known = (): Promise<unknown> => eventually('the number is known', () => at.service().get(VoiceDirectory).number('prod', NUMBER) !== undefined);
  const voice = (more: object = {}): void => at.twilio.set({ voice: { secondMs: 200, msPerLetter: 1, publicUrls: [{ from: NOBODYS, to: at.under.api.url }], ...more } });
  const kpis = (): Promise<TenantKpis> => at.under.api.expect<TenantKpis>('GET', `/api/tenants/${TENANT}/kpis?language=en`);
  const target = async (kpi: KpiTarget['kpi']): Promise<KpiTarget> => (await kpis()).targets.find((each) => each.kpi === kpi)!;
  const environment = async (): Promise<Environment> => (await new PgEnvironmentRepository(at.service().get(Database)).find('prod'))!;
  const count = (what: string, fits: (of: TenantKpis) => boolean): Promise<TenantKpis> =>
    eventually(what, async () => {
      const of = await kpis();
      return fits(of) && of;
    });

  let callSid = '';
  it('is what Twilio asked in calls and was answered, for the tenant whose call it was', async () => {
    callSid = at.twilio.voice.call({ from: '+56911112222', to: NUMBER, script: [{ untilSaid: 'oficina' }, { press: '1' }] }).call.sid;
    // The number, the digit, and each phone that isn’t there.
    const { figures } = await count('the questions of the call are counted', ({ figures: { calls, questions } }) => calls === 1 && questions >= 4);
    expect(figures.questionsFailed).toBe(0);
    expect(await target('availability')).toMatchObject({ value: '100.00 %', met: null, basis: 'measured', observations: figures.questions, detail: expect.stringContaining('too few to tell') as string });
  });

  it('is our own asking of the public address, for all tenants of the environment', async () => {
    await at.service().get(ProbeVoice).run(await environment());
    expect((await target('availability')).detail).toContain('2 of 2 probes of the public address');
    // Somebody else answers there.
    await at.under.restart({ PUBLIC_URL: at.twilio.url });
    await at.service().get(ProbeVoice).run(await environment());
    await at.under.restart({ PUBLIC_URL: at.under.api.url });
    await known();
    expect((await target('availability')).detail).toContain('2 of 4 probes');
    await at.environment('elsewhere', 'elsewhere.sip.twilio.com', { publicUrl: 'https://elsewhere.invalid' });
    const { environments } = await at.under.api.expect<PlatformKpis>('GET', '/api/kpis');
    expect(environments).toMatchObject([{ environment: 'elsewhere', probes: 0, share: null }, { environment: 'prod', probes: 4, probesFailed: 2 }]);
  });

  it('counts a question that went wrong once, whoever tells of it: we by an excuse, the fallback, and Twilio’s debugger', async () => {
    const before = (await kpis()).figures;
    const wrong = newCallSid();
    const address = '/twilio/voice/flow?s=1broken';
    const answer = await twilio.post(address, callOf('+56911112222', NUMBER, wrong));
    expect(answer.status).toBe(200);
    await twilio.post('/twilio/voice/fallback', callOf('+56911112222', NUMBER, wrong, { ErrorCode: '11200', ErrorUrl: NOBODYS + address }));
    await twilio.post('/twilio/voice/fallback', callOf('+56911112222', NUMBER, newCallSid(), { ErrorCode: '11205', ErrorUrl: `${NOBODYS}/twilio/voice/number` }));
    await count('two have failed', ({ figures }) => figures.questionsFailed === before.questionsFailed + 2);
    at.twilio.set({
      alerts: [
        { errorCode: 11_200, text: 'Msg=Got+HTTP+502', resourceSid: wrong, requestUrl: NOBODYS + address },
        // It never came here; by the call that Twilio knows it is this tenant’s.
        { errorCode: 11_205, text: 'Msg=Connection+refused', resourceSid: callSid, requestUrl: `${NOBODYS}/twilio/voice/number` },
        // Another’s, and no failure.
        { errorCode: 11_200, resourceSid: newCallSid(), requestUrl: 'https://somebody.example.com/twilio/voice/number' },
        { errorCode: 32_009, resourceSid: callSid, requestUrl: `${NOBODYS}/twilio/voice/number` },
      ],
    });
    for (let look = 0; look < 2; look += 1) await at.service().get(ReadFailures).run(await environment());
    const { figures } = await kpis();
    expect(figures.questionsFailed).toBe(before.questionsFailed + 3);
    expect(await target('availability')).toMatchObject({ met: false });
    const today = (await kpis()).to;
    await at.service().get(WatchTargets).run(TENANT, today);
    expect((await at.under.seen(KpiMissedV1, ({ tenantid, data }) => tenantid === TENANT && data.kpi === 'availability')).data).toMatchObject({ target: '> 99.9 %', basis: 'measured', detail: expect.stringMatching(/preguntas de Twilio/) as string });
    await at.service().get(WatchTargets).ofEnvironments(new Date().toISOString().slice(0, 10));
    expect((await at.under.seen(KpiMissedV1, ({ tenantid }) => tenantid === '_')).data.detail).toContain('the environment prod');
  });

  it('is how calls sounded, by Voice Insights where the account has them, and the lack of them is said', async () => {
    const ask = (): Promise<void> => at.service().get(AskAboutQuality).run({ ...QUALITY, firstMs: 0, offMs: 0 });
    await ask();
    expect(await target('audio')).toMatchObject({ value: null, basis: 'not_measured', detail: expect.stringContaining('not enabled on the Twilio account') as string });
    at.twilio.set({ accounts: [{ insights: true }] });
    at.twilio.voice.call({ from: '+56933334444', to: NUMBER, script: [{ untilSaid: 'oficina' }, { hangUp: true }] });
    await count('the second call is over', ({ figures }) => figures.calls === 2);
    await ask();
    expect((await kpis()).figures.measuredLegs).toBe(0);
    voice({ insights: { summedUpAfterMs: 0, paths: [{ party: '+56933334444', lossShare: 0.2, jitterMs: 60, tags: ['high_packet_loss'] }] } });
    await eventually('the summary is taken', async () => {
      await ask();
      return (await kpis()).figures.measuredLegs === 1;
    });
    const told = await at.under.seen(CallQualityMeasuredV1, ({ data }) => data.measuredBy === 'twilio_voice_insights');
    expect(told.data).toMatchObject({ received: { packets: 40, lost: 10, jitterMs: 60 }, sent: { packets: 40, lost: 10 }, tags: ['high_packet_loss'] });
    expect(told.data.mos).toBeLessThan(3);
    expect(await target('audio')).toMatchObject({ met: null, basis: 'inferred', observations: 1, detail: expect.stringMatching(/1 of 1 legs poor; loss 20\.00 %, jitter 60\.0 ms.*1 by Twilio/) as string });
  });

  it('is when a phone was there at the latest since its sheet was handed over', async () => {
    const { sheets } = await at.under.api.expect<{ sheets: IssuedSheetView[] }>('POST', `/api/tenants/${TENANT}/sheets`, { environment: 'prod', kinds: ['text'], endpoints: ['201'] });
    const taken = await fetch(new URL(new URL(sheets[0]!.url).pathname, at.under.api.url), { method: 'POST', body: new URLSearchParams() });
    expect(taken.status).toBe(200);
    expect(await target('registration_time')).toMatchObject({ basis: 'not_measured', detail: expect.stringContaining('of 1 phones whose sheet was handed over none was seen yet') as string });
    voice({ callees: [{ number: `sip:${NUMBER}-office@${DOMAIN}`, does: { what: 'answer', afterMs: 10, hangUpMs: 50 } }] });
    at.twilio.voice.call({ from: '+56955556666', to: NUMBER, script: [{ untilSaid: 'oficina' }, { press: '1' }] });
    await eventually('the phone rang', async () => (await target('registration_time')).observations === 1);
    expect(await target('registration_time')).toMatchObject({ value: expect.stringMatching(/^≤ \d+ s$/) as string, met: true, basis: 'inferred' });
  });
});
