import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TwimlServer } from '../../test/support/twiml-server.js';
import { isAsPublished, useSimulator } from '../../test/support/use-simulator.js';

const lab = useSimulator();
let server: TwimlServer;
beforeEach(async () => {
  server = await TwimlServer.start(() => lab.simulator.authToken);
});
afterEach(() => server.close());

const told = async () => {
  await lab.simulator.voice.plane.webhooks.settled();
  return server.at('/spent');
};
const trigger = (options: object = {}) => lab.sdk.usage.triggers.create({ callbackUrl: `${server.url}/spent`, triggerValue: '10', usageCategory: 'totalprice', triggerBy: 'price', recurring: 'daily', ...options });
const spend = (price: number, more: object = {}): void => lab.simulator.set({ usage: [{ category: 'calls-outbound', price, ...more }] });

describe('usage of SIMULATED Twilio', () => {
  it('is told by category, with what a category takes in', async () => {
    lab.simulator.set({ usage: [{ category: 'calls-inbound-local', usage: 12, count: 4, price: 0.132 }, { category: 'calls-outbound', usage: 3, count: 1, price: 0.105 }] });
    const records = await lab.sdk.usage.records.list();
    const of = (name: string) => records.find(({ category }) => category === name);
    expect(of('calls')).toMatchObject({ usage: '15', count: '5', usageUnit: 'minutes', priceUnit: 'usd' });
    expect(String(of('totalprice')!.price)).toBe('0.237');
    expect(await lab.sdk.usage.records.today.list({ category: 'calls-inbound' })).toMatchObject([{ usage: '12', count: '4' }]);
  });

  it('is cut by day, month and year, the last first', async () => {
    for (const date of ['2026-01-31', '2026-02-01', '2026-02-02']) spend(1, { date });
    const span = { category: 'calls' as const, startDate: new Date('2026-01-30'), endDate: new Date('2026-02-02') };
    expect((await lab.sdk.usage.records.daily.list(span)).map(({ startDate, price }) => [startDate.toISOString().slice(0, 10), String(price)])).toEqual([['2026-02-02', '1'], ['2026-02-01', '1'], ['2026-01-31', '1'], ['2026-01-30', '0']]);
    expect((await lab.sdk.usage.records.monthly.list(span)).map(({ price }) => String(price))).toEqual(['2', '1']);
    expect((await lab.sdk.usage.records.yearly.list(span)).map(({ price }) => String(price))).toEqual(['3']);
    expect((await lab.sdk.usage.records.yesterday.list({ category: 'calls' })).length).toBe(1);
  });

  it('is of an account with its subaccounts, or without', async () => {
    const { sid } = await lab.sdk.api.v2010.accounts.create({ friendlyName: 'PLAZA' });
    spend(2, { account: sid });
    spend(1);
    const price = async (includeSubaccounts: boolean) => String((await lab.sdk.usage.records.list({ category: 'totalprice', includeSubaccounts }))[0]!.price);
    expect([await price(true), await price(false)]).toEqual(['3', '1']);
  });

  it('fires a trigger when so much is used, signed, and once a day', async () => {
    const { sid } = await trigger();
    spend(9.99);
    expect(await told()).toEqual([]);
    spend(0.02);
    spend(5);
    expect(await told()).toMatchObject([{ method: 'POST', isSigned: true, parameters: { UsageTriggerSid: sid, UsageCategory: 'totalprice', TriggerValue: '10', CurrentValue: '10.01', Recurring: 'daily', TriggerBy: 'price' } }]);
    const fetched = await lab.sdk.usage.triggers(sid).fetch();
    expect([fetched.currentValue, fetched.dateFired instanceof Date]).toEqual(['15.01', true]);
  });

  it('counts what was used before today for no daily trigger, and from now on with a plus', async () => {
    spend(50, { date: '2026-01-31' });
    await trigger();
    expect((await trigger({ triggerValue: '+7', recurring: undefined })).triggerValue).toBe('57');
    spend(6.5);
    expect(await told()).toEqual([]);
  });

  it('lets triggers be changed, found and removed', async () => {
    const { sid } = await trigger({ friendlyName: 'cap' });
    await lab.sdk.usage.triggers(sid).update({ callbackUrl: 'https://elsewhere.example/spent', friendlyName: 'cap 2' });
    expect(await lab.sdk.usage.triggers.list({ usageCategory: 'totalprice', recurring: 'daily' })).toMatchObject([{ friendlyName: 'cap 2', callbackUrl: 'https://elsewhere.example/spent' }]);
    expect(await lab.sdk.usage.triggers.list({ recurring: 'monthly' })).toEqual([]);
    await lab.sdk.usage.triggers(sid).remove();
    expect(await lab.sdk.usage.triggers.list()).toEqual([]);
    await expect(trigger({ triggerValue: 'much' })).rejects.toMatchObject({ status: 400, code: 20001 });
  });

  it('raises an alert when nobody is there to be told', async () => {
    await trigger({ callbackUrl: `${server.url}/spent` });
    server.serve({ '/spent': () => ({ status: 500 }) });
    spend(11);
    await told();
    expect(await lab.sdk.monitor.v1.alerts.list()).toMatchObject([{ errorCode: '11200', logLevel: 'error', requestUrl: `${server.url}/spent` }]);
  });

  isAsPublished(lab, 20);
});
