import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import type { World } from '../accounts/world.js';
import { friendlyName, method, readForm, url } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { meantBy, readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { newSid } from '../wire/sid.js';
import { TwilioError } from '../wire/twilio-error.js';

const CALLER_IDS = `${ACCOUNT}/OutgoingCallerIds.json`;
const CALLER_ID = `${ACCOUNT}/OutgoingCallerIds/{CallerIdSid}.json`;
const request = z.strictObject({
  PhoneNumber: z.string().regex(/^\+[1-9]\d{6,14}$/),
  FriendlyName: friendlyName().optional(),
  CallDelay: z.coerce.number().int().min(0).max(60).optional(),
  Extension: z.string().optional(),
  StatusCallback: url().optional(),
  StatusCallbackMethod: method().optional(),
});
const changed = z.strictObject({ FriendlyName: friendlyName() });

/** Numbers that aren't Twilio's and may be shown. Asking for one has Twilio call it; whoever answers there types the code, here by control. */
export const callerIdRoutes: readonly Route[] = [
  ...readingRoutes({ all: CALLER_IDS, one: CALLER_ID, key: 'outgoing_caller_ids', rowsOf, view, isMeant: meantBy({ PhoneNumber: 'phone_number', FriendlyName: 'friendly_name' }) }),
  {
    method: 'POST',
    template: CALLER_IDS,
    handle: ({ account, form }) => {
      const { PhoneNumber, FriendlyName, StatusCallback, StatusCallbackMethod } = readForm(request, form, 21401);
      if (account.callerIds.having('phone_number', PhoneNumber) !== undefined) throw new TwilioError(400, 21450, 'Phone number is already verified.');
      const asked = { name: FriendlyName ?? PhoneNumber, callSid: newSid('CA'), callback: StatusCallback ?? null, method: StatusCallbackMethod === 'GET' ? 'GET' : 'POST' } as const;
      account.validations.set(PhoneNumber, asked);
      return ok({ account_sid: account.sid, call_sid: asked.callSid, friendly_name: asked.name, phone_number: PhoneNumber, validation_code: String(randomInt(100_000, 1_000_000)) });
    },
  },
  {
    method: 'POST',
    template: CALLER_ID,
    handle: (asked) => {
      const row = rowAt(rowsOf(asked), asked);
      rowsOf(asked).change(row, { friendly_name: readForm(changed, asked.form, 20001).FriendlyName });
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: CALLER_ID,
    handle: (asked) => {
      rowsOf(asked).remove(rowAt(rowsOf(asked), asked).sid);
      return gone();
    },
  },
];

/** Somebody answered there and typed the code, or did not. @throws Error when nobody asked for it */
export function endValidation(world: World, account: Account, number: string, isVerified: boolean): void {
  const asked = account.validations.get(number);
  if (asked === undefined) throw new Error(`callerIds: nobody asked for ${number}`);
  account.validations.delete(number);
  const row = isVerified ? account.callerIds.add({ phone_number: number, friendly_name: asked.name }) : undefined;
  if (asked.callback === null) return;
  const parameters = { AccountSid: account.sid, CallSid: asked.callSid, To: number, Called: number, VerificationStatus: isVerified ? 'success' : 'failed', ...(row === undefined ? {} : { OutgoingCallerIdSid: row.sid }) };
  world.callBack({ account, why: 'caller-id', url: asked.callback, method: asked.method, parameters });
}

function rowsOf({ account }: Asked): Rows {
  return account.callerIds;
}

function view({ account }: Asked, row: Row): Readonly<Record<string, unknown>> {
  return { ...commonView(account.sid, row), uri: `/2010-04-01/Accounts/${account.sid}/OutgoingCallerIds/${row.sid}.json` };
}
