import { z } from 'zod';
import { attributesOf, friendlyName, method, readForm } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { meantBy, readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { TwilioError } from '../wire/twilio-error.js';
import { isCategory } from './categories.js';
import { currentValue } from './fire-triggers.js';

const INVALID = 20001;
const TRIGGERS = `${ACCOUNT}/Usage/Triggers.json`;
const TRIGGER = `${ACCOUNT}/Usage/Triggers/{TriggerSid}.json`;

const settings = { CallbackMethod: method().optional(), FriendlyName: friendlyName().optional() };
const newTrigger = z.strictObject({
  ...settings,
  CallbackUrl: z.url({ protocol: /^https?$/ }),
  /** With a plus: so much more than is used by now. */
  TriggerValue: z.string().regex(/^\+?\d+(\.\d+)?$/),
  UsageCategory: z.string().refine(isCategory, 'a usage category'),
  Recurring: z.enum(['daily', 'monthly', 'yearly', 'alltime']).optional(),
  TriggerBy: z.enum(['count', 'usage', 'price']).default('usage'),
});
const changedTrigger = z.strictObject({ ...settings, CallbackUrl: z.url({ protocol: /^https?$/ }).optional() });

/** Watches on what is used; each calls its URL when so much is used, once or once in every day, month or year. What is watched can't be changed. */
export const usageTriggerRoutes: readonly Route[] = [
  ...readingRoutes({ all: TRIGGERS, one: TRIGGER, key: 'usage_triggers', rowsOf, view, isMeant: meantBy({ Recurring: 'recurring', TriggerBy: 'trigger_by', UsageCategory: 'usage_category' }) }),
  {
    method: 'POST',
    template: TRIGGERS,
    handle: (asked) => {
      const wanted = readForm(newTrigger, asked.form, INVALID);
      if (rowsOf(asked).size >= asked.world.limits.usageTriggers) throw new TwilioError(400, INVALID, 'The limit of usage triggers of this account is reached');
      const row = rowsOf(asked).add({ friendly_name: null, callback_method: 'POST', recurring: null, ...attributesOf(wanted), date_fired: null, trigger_value: wanted.TriggerValue.replace('+', '') });
      if (wanted.TriggerValue.startsWith('+')) row.attributes = { ...row.attributes, trigger_value: String(Number(wanted.TriggerValue) + currentValue(asked.world, asked.account, row)) };
      return created(view(asked, row));
    },
  },
  {
    method: 'POST',
    template: TRIGGER,
    handle: (asked) => {
      const row = rowAt(rowsOf(asked), asked);
      rowsOf(asked).change(row, attributesOf(readForm(changedTrigger, asked.form, INVALID)));
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: TRIGGER,
    handle: (asked) => {
      rowsOf(asked).remove(rowAt(rowsOf(asked), asked).sid);
      return gone();
    },
  },
];

function rowsOf({ account }: Asked): Rows {
  return account.usageTriggers;
}

function view({ world, account }: Asked, row: Row): Readonly<Record<string, unknown>> {
  const base = `/2010-04-01/Accounts/${account.sid}/Usage`;
  const category = String(row.attributes['usage_category'] as string);
  const { recurring, ...told } = commonView(account.sid, row);
  return { ...told, ...(recurring === null ? {} : { recurring }), api_version: '2010-04-01', current_value: String(currentValue(world, account, row)), uri: `${base}/Triggers/${row.sid}.json`, usage_record_uri: `${base}/Records.json?Category=${category}` };
}
