import type { Account } from '../accounts/account.js';
import type { World } from '../accounts/world.js';
import { rfc2822 } from '../wire/page.js';
import type { Row } from '../wire/rows.js';
import { newSid } from '../wire/sid.js';
import { periodAround, type Recurrence } from './periods.js';
import { dayOf, rounded, type Amounts, type UsageWish } from './usage.js';

/** Writes down what was used, and has the triggers fire that watch it. @throws Error when there is no such account */
export function use(wish: UsageWish, world: World): void {
  const account = wish.account === undefined ? world.main : world.account(wish.account);
  if (account === undefined) throw new Error(`usage: there is no account ${wish.account}`);
  account.usage.add({ date: wish.date ?? dayOf(new Date()), category: wish.category, usage: wish.usage, count: wish.count, price: wish.price });
  for (const watching of account.parent === null ? [account] : [account, account.parent]) for (const row of watching.usageTriggers.all()) fireIfDue(world, watching, row);
}

/** What a trigger watches, as it is now: of its account with its subaccounts, in this day, month or year if it recurs. */
export function currentValue(world: World, account: Account, { attributes }: Row): number {
  const { from, until } = periodAround(dayOf(new Date()), (attributes['recurring'] as Recurrence | null) ?? 'alltime');
  const by = attributes['trigger_by'] as keyof Amounts;
  const category = attributes['usage_category'] as string;
  const value = (each: Account): number => each.usage.sum(category, from, until)[category === 'totalprice' ? 'price' : by];
  return rounded([account, ...world.under(account)].reduce((sum, each) => sum + value(each), 0));
}

function fireIfDue(world: World, account: Account, row: Row): void {
  const { attributes } = row;
  const current = currentValue(world, account, row);
  const fired = attributes['date_fired'] as string | null;
  const period = periodAround(dayOf(new Date()), (attributes['recurring'] as Recurrence | null) ?? 'alltime');
  if (current < Number(attributes['trigger_value']) || (fired !== null && dayOf(new Date(fired)) >= period.from)) return;
  const now = rfc2822(new Date());
  row.attributes = { ...attributes, date_fired: now };
  world.callBack({
    account,
    why: 'usage-trigger',
    url: attributes['callback_url'] as string,
    method: attributes['callback_method'] as 'GET' | 'POST',
    parameters: {
      AccountSid: account.sid,
      UsageTriggerSid: row.sid,
      Recurring: (attributes['recurring'] as string | null) ?? '',
      UsageCategory: attributes['usage_category'] as string,
      TriggerBy: attributes['trigger_by'] as string,
      TriggerValue: attributes['trigger_value'] as string,
      CurrentValue: String(current),
      UsageRecordUri: `/2010-04-01/Accounts/${account.sid}/Usage/Records.json?Category=${attributes['usage_category'] as string}`,
      DateFired: now,
      IdempotencyToken: `${row.sid}-FIRES-${newSid('')}`,
    },
  });
}
