import type { Account } from '../accounts/account.js';
import { pageOf } from '../wire/page.js';
import { ACCOUNT, ok, type Asked, type Route } from '../wire/router.js';
import { TwilioError } from '../wire/twilio-error.js';
import { CATEGORIES, isCategory, type Category } from './categories.js';
import { periodAround, periodsIn, type Period } from './periods.js';
import { dayOf, rounded, type Amounts } from './usage.js';

const DAY_MS = 86_400_000;
const day = (ago = 0): string => dayOf(new Date(Date.now() - ago * DAY_MS));
const whole = ({ from, until }: Period): Period[] => [{ from, until }];

/** How each list cuts the time between its StartDate and EndDate. */
const LISTS: Readonly<Record<string, { readonly span?: () => Period; readonly cut: (asked: Period) => Period[] }>> = {
  'Records': { cut: whole },
  'Records/AllTime': { cut: whole },
  'Records/Daily': { cut: (asked) => periodsIn(asked, 'daily') },
  'Records/Monthly': { cut: (asked) => periodsIn(asked, 'monthly') },
  'Records/Yearly': { cut: (asked) => periodsIn(asked, 'yearly') },
  'Records/Today': { span: () => periodAround(day(), 'daily'), cut: whole },
  'Records/Yesterday': { span: () => periodAround(day(1), 'daily'), cut: whole },
  'Records/ThisMonth': { span: () => ({ ...periodAround(day(), 'monthly'), until: day() }), cut: whole },
  'Records/LastMonth': { span: () => periodAround(dayOf(new Date(Date.parse(periodAround(day(), 'monthly').from) - DAY_MS)), 'monthly'), cut: whole },
};

/** What was used, by category. With subaccounts unless told otherwise. */
export const usageRecordRoutes: readonly Route[] = Object.entries(LISTS).map(([path, { span, cut }]) => ({
  method: 'GET',
  template: `${ACCOUNT}/Usage/${path}.json`,
  handle: (asked) => {
    const { account, query } = asked;
    const given = { from: query.get('StartDate') ?? dayOf(account.createdAt), until: query.get('EndDate') ?? day() };
    const category = query.get('Category');
    if (category !== null && !isCategory(category)) throw new TwilioError(400, 20001, `There is no category ${category}`);
    const records = cut(span?.() ?? given).flatMap((period) => CATEGORIES.filter(({ name }) => category === null || name === category).map((each) => ({ sid: `${period.from}.${each.name}`, period, category: each })));
    const accounts = query.get('IncludeSubaccounts') === 'false' ? [account] : [account, ...asked.world.under(account)];
    return ok(pageOf('usage_records', asked.path, query, records, (record) => view(asked, record, accounts)));
  },
}));

function view({ account }: Asked, { period, category }: { readonly period: Period; readonly category: Category }, accounts: readonly Account[]): object {
  const sums = accounts.map(({ usage }) => usage.sum(category.name, period.from, period.until));
  const total = (of: (amounts: Amounts) => number): number => rounded(sums.reduce((sum, amounts) => sum + of(amounts), 0));
  const base = `/2010-04-01/Accounts/${account.sid}/Usage/Records`;
  const price = String(total((sum) => sum.price));
  return {
    account_sid: account.sid,
    api_version: '2010-04-01',
    as_of: new Date().toISOString().replace(/\.\d+Z$/, '+00:00'),
    category: category.name,
    count: String(total((sum) => sum.count)),
    count_unit: category.countUnit,
    description: category.description,
    start_date: period.from,
    end_date: period.until,
    price,
    price_unit: 'usd',
    usage: category.name === 'totalprice' ? price : String(total((sum) => sum.usage)),
    usage_unit: category.unit,
    subresource_uris: Object.fromEntries(['AllTime', 'Daily', 'LastMonth', 'Monthly', 'ThisMonth', 'Today', 'Yearly', 'Yesterday'].map((name) => [name.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase(), `${base}/${name}.json?Category=${category.name}`])),
    uri: `${base}.json?Category=${category.name}&StartDate=${period.from}&EndDate=${period.until}`,
  };
}
