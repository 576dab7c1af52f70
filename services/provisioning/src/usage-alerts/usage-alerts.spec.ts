import { ProvisioningStepDoneV1, UsageTriggerFiredV1, type DriftView } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import type { Twilio } from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, DOMAIN, OFFICE } from '../../test/support/at-twilio.js';
import { TwilioAsks } from '../../test/support/twilio-asks.js';

const SPEND = { name: 'daily-spend', above: 50 };
const TENANT = { ...OFFICE, numbers: [], endpoints: [] };

describe('usage triggers of an environment', () => {
  let at: AtTwilio;
  let byHand: Twilio;
  let url: string;
  const declare = (usageTriggers?: readonly object[]): Promise<void> => at.environment('prod', DOMAIN, { publicUrl: url, ...(usageTriggers === undefined ? {} : { usageTriggers }) });
  const triggers = (): unknown[] => at.twilio.world.main.usageTriggers.all().map(({ attributes }) => [attributes['friendly_name'], Number(attributes['trigger_value']), attributes['recurring']]);
  const told = (): number => at.under.events.filter(({ envelope }) => envelope.type === UsageTriggerFiredV1.type).length;

  beforeAll(async () => {
    at = await AtTwilio.start();
    url = at.under.api.url;
    byHand = at.byHand();
    await byHand.usage.triggers.create({ friendlyName: 'somebody else’s', usageCategory: 'calls', triggerValue: '7', callbackUrl: 'https://elsewhere.example.com/' });
    await declare([SPEND]);
    const asks = new TwilioAsks(() => url, url, at.twilio.authToken);
    await eventually('the signature is known', async () => (await asks.post('/twilio/usage', {})).status === 204, 30_000);
  });
  afterAll(() => at.stop());

  it('are planned in words and made with the rest, and not made again', async () => {
    expect((await at.plan([TENANT])).steps).toContainEqual({ key: 'trigger:daily-spend', tenant: '_', says: 'makes the usage trigger daily-spend (price of totalprice reaches 50, daily)', calls: 1 });
    const run = await at.apply([TENANT]);
    expect(run).toMatchObject({ state: 'whole' });
    await at.under.seen(ProvisioningStepDoneV1, ({ data }) => data.run === run.run && data.step === 'trigger:daily-spend');
    expect(triggers()).toEqual([['somebody else’s', 7, null], ['Troncal communities/daily-spend', 50, 'daily']]);
    expect((await at.plan([TENANT])).steps).toEqual([]);
    expect(await at.under.api.expect('GET', '/api/environments/prod')).toMatchObject({ usageTriggers: [{ ...SPEND, category: 'totalprice', by: 'price', every: 'day' }] });
  });

  it('fire once as an event, however often Twilio tells it', async () => {
    at.twilio.set({ usage: [{ category: 'calls-outbound', usage: 900, count: 300, price: 50.25 }] });
    const { data } = await at.under.seen(UsageTriggerFiredV1);
    expect(data).toMatchObject({ environment: 'prod', trigger: 'daily-spend', category: 'totalprice', by: 'price', limit: 50, value: 50.25, recurring: 'daily' });
    const asks = new TwilioAsks(() => url, url, at.twilio.authToken);
    const again = (token: string, sid = 'UT2') => asks.post('/twilio/usage?environment=prod&trigger=daily-spend', { IdempotencyToken: token, UsageTriggerSid: sid, UsageCategory: 'totalprice', TriggerBy: 'price', TriggerValue: '50', CurrentValue: '51', Recurring: 'daily', DateFired: new Date().toUTCString() });
    const answers = await Promise.all([again('UT-FIRES-1'), again('UT-FIRES-1'), again('UT-FIRES-1')]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    await eventually('both firings are told', () => told() === 2);
    // Another token for the same day of the same trigger, or the same token for another day of it.
    await again('UT-FIRES-2');
    await again('UT-FIRES-1', 'UT4');
    await again('UT-FIRES-3', 'UT3');
    await eventually('the third too', () => told() >= 3);
    expect(told()).toBe(3);
  });

  it('of nobody’s, unsigned, or with nothing in it that makes sense are no event', async () => {
    const asks = new TwilioAsks(() => url, url, at.twilio.authToken);
    expect((await asks.post('/twilio/usage?environment=elsewhere&trigger=daily-spend', { IdempotencyToken: 'x', UsageCategory: 'totalprice', TriggerBy: 'price', TriggerValue: '1', CurrentValue: '2' })).status).toBe(204);
    expect((await asks.post('/twilio/usage?environment=prod&trigger=daily-spend', { IdempotencyToken: 'y', UsageCategory: 'totalprice', TriggerBy: 'price', TriggerValue: 'many' })).status).toBe(204);
    expect((await asks.post('/twilio/usage?environment=prod&trigger=daily-spend', { IdempotencyToken: 'z' }, { signature: null })).status).toBe(403);
    expect(told()).toBe(3);
  });

  it('that fired while nobody could be reached are told at the next look', async () => {
    await at.environment('prod', DOMAIN, { publicUrl: 'https://nowhere.invalid', usageTriggers: [SPEND, { name: 'minutes', category: 'calls', by: 'usage', above: 1_000, every: 'ever' }] });
    await at.run('POST', 'repair');
    at.twilio.set({ usage: [{ category: 'calls-outbound', usage: 200 }] });
    const look = (): Promise<DriftView> => at.under.api.expect<DriftView>('POST', at.path('drift'));
    await Promise.all([look(), look()]);
    await at.under.seen(UsageTriggerFiredV1, ({ data }) => data.trigger === 'minutes' && data.value === 1_100 && data.recurring === 'alltime');
    await look();
    expect(told()).toBe(4);
    await declare([SPEND]);
    await at.run('POST', 'repair');
  });

  it('drift when somebody takes one away, and are repaired; one that is declared otherwise is replaced', async () => {
    const ours = (await byHand.usage.triggers.list()).find(({ friendlyName }) => friendlyName.endsWith('/daily-spend'));
    await ours?.remove();
    const { differences, reads } = await at.under.api.expect<DriftView>('POST', at.path('drift'));
    expect(differences).toMatchObject([{ key: 'trigger:daily-spend', tenant: '_' }]);
    // The usage triggers are one read more.
    expect(reads).toBe(7);
    expect(await at.run('POST', 'repair')).toMatchObject({ state: 'whole' });
    await declare([{ ...SPEND, above: 80, every: 'month' }]);
    const replaced = await at.run('POST', 'repair');
    expect(replaced.steps.map(({ says }) => says)).toEqual(['makes the usage trigger daily-spend (price of totalprice reaches 80, monthly)', 'removes the usage trigger daily-spend (price of totalprice reaches 50, daily)']);
    expect(triggers()).toEqual([['somebody else’s', 7, null], ['Troncal communities/daily-spend', 80, 'monthly']]);
  });

  it('go when they are left out, and with their environment, whose run ends it', async () => {
    await declare();
    expect((await at.run('POST', 'repair')).steps.map(({ key }) => key)).toEqual([expect.stringMatching(/^trigger:daily-spend\/UT/)]);
    await declare([SPEND]);
    await at.run('POST', 'repair');
    await at.run('DELETE', `tenants/${OFFICE.tenant.toLowerCase()}`);
    const { run } = await at.under.api.expect<{ run: string }>('DELETE', '/api/environments/prod');
    expect(await at.ended(run)).toMatchObject({ kind: 'delete', state: 'whole', steps: [{ state: 'done' }] });
    expect(triggers()).toEqual([['somebody else’s', 7, null]]);
    expect(at.twilio.world.main.domains.size).toBe(1);
    expect((await at.under.api.send('GET', '/api/environments/prod')).status).toBe(404);
  });

  it.each<readonly [string, readonly object[], RegExp]>([
    ['a name twice', [SPEND, SPEND], /stands here twice/],
    ['money that is counted in minutes', [{ ...SPEND, by: 'usage' }], /counted by price alone/],
    ['nothing to reach', [{ ...SPEND, above: 0 }], />0/],
  ])('are refused with %s', async (_, usageTriggers, expected) => {
    const { status, body } = await at.under.api.send('PUT', '/api/environments/dev', { domain: 'communities-dev.sip.twilio.com', publicUrl: url, usageTriggers });
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringMatching(expected)]);
  });
});
