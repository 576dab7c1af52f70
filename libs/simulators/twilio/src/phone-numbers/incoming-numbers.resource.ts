import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import { attributesOf, flag, method, readForm, sid, url, voiceParameters } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { meantBy, readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Attributes, Row } from '../wire/rows.js';
import { TwilioError } from '../wire/twilio-error.js';
import { refuseUnmet, withEmergency } from './requirements.js';

const INVALID = 21421;
const NUMBERS = `${ACCOUNT}/IncomingPhoneNumbers.json`;
const NUMBER = `${ACCOUNT}/IncomingPhoneNumbers/{NumberSid}.json`;

const settings = {
  ...voiceParameters,
  StatusCallback: url().optional(),
  StatusCallbackMethod: method().optional(),
  VoiceApplicationSid: sid('AP').optional(),
  TrunkSid: sid('TK').optional(),
  VoiceCallerIdLookup: flag().optional(),
  EmergencyAddressSid: sid('AD').optional(),
  AddressSid: sid('AD').optional(),
  BundleSid: sid('BU').optional(),
};
const bought = z.strictObject({ PhoneNumber: z.string().regex(/^\+[1-9]\d{6,14}$/).optional(), AreaCode: z.string().regex(/^\d{3}$/).optional(), ...settings });
const changed = z.strictObject({ AccountSid: z.string().optional(), ...settings });

const DEFAULTS: Attributes = {
  voice_url: null, voice_method: 'POST', voice_fallback_url: null, voice_fallback_method: 'POST', status_callback: null, status_callback_method: 'POST', voice_application_sid: null, trunk_sid: null,
  voice_caller_id_lookup: false, voice_receive_mode: 'voice', emergency_address_sid: null, emergency_address_status: 'unregistered', emergency_status: 'Inactive', address_sid: null, bundle_sid: null, identity_sid: null,
  sms_url: null, sms_method: 'POST', sms_fallback_url: null, sms_fallback_method: 'POST', sms_application_sid: null, api_version: '2010-04-01', beta: false, origin: 'twilio', status: 'in-use',
};

/** Numbers of an account. Releasing one is at once and for ever. */
export const incomingNumberRoutes: readonly Route[] = [
  ...readingRoutes({ all: NUMBERS, one: NUMBER, key: 'incoming_phone_numbers', rowsOf: ({ account }) => account.numbers, view, isMeant: meantBy({ PhoneNumber: 'phone_number', FriendlyName: 'friendly_name' }) }),
  { method: 'POST', template: NUMBERS, handle: (asked) => created(view(asked, buy(asked))) },
  {
    method: 'POST',
    template: NUMBER,
    handle: (asked) => {
      const row = rowAt(asked.account.numbers, asked);
      const { AccountSid, ...form } = readForm(changed, asked.form, INVALID);
      const target = AccountSid === undefined || AccountSid === asked.account.sid ? undefined : checkMove(asked, AccountSid);
      asked.account.numbers.change(row, withEmergency(settled({ ...row.attributes, ...attributesOf(form) }), asked.account));
      if (target !== undefined) move(asked, row, target);
      return ok(view({ account: target ?? asked.account }, row));
    },
  },
  {
    method: 'DELETE',
    template: NUMBER,
    handle: (asked) => {
      const row = rowAt(asked.account.numbers, asked);
      if (row.attributes['emergency_address_sid'] !== null) throw new TwilioError(400, 21627, 'The emergency address of this number has to be taken away first');
      asked.account.numbers.remove(row.sid);
      return gone();
    },
  },
];

function buy({ world, account, form: given }: Asked): Row {
  const { PhoneNumber, AreaCode, ...form } = readForm(bought, given, INVALID);
  const { market } = world;
  if (account.type === 'Trial' && account.numbers.size > 0) throw new TwilioError(400, 21404, 'A trial account has one number');
  if (PhoneNumber === undefined && AreaCode === undefined) throw new TwilioError(400, 21421, 'PhoneNumber or AreaCode is required');
  const number = PhoneNumber === undefined ? market.search({ country: 'US', type: 'Local', areaCode: AreaCode, excludeAddressRequired: false })[0] : market.find(PhoneNumber);
  if (number === undefined) throw new TwilioError(400, 21422, `${PhoneNumber ?? `A number of ${AreaCode}`} is not available`);
  refuseUnmet(number, account, form.BundleSid, form.AddressSid);
  const attributes = settled({
    ...DEFAULTS,
    friendly_name: number.phoneNumber,
    phone_number: number.phoneNumber,
    address_requirements: number.addressRequirements,
    type: number.type.toLowerCase(),
    capabilities: { voice: true, sms: false, mms: false, fax: false },
    ...attributesOf(form),
  });
  const taken = withEmergency(attributes, account);
  market.sell(number.phoneNumber);
  return account.numbers.add(taken);
}

/** What wins over what: a trunk over an application, that over a URL; a fallback needs what it is one of. */
function settled(attributes: Attributes): Attributes {
  const { trunk_sid, voice_application_sid, voice_url, voice_fallback_url } = attributes;
  if (typeof trunk_sid === 'string') return { ...attributes, voice_application_sid: null, voice_url: null, voice_fallback_url: null };
  if (typeof voice_application_sid === 'string') return { ...attributes, voice_url: null, voice_fallback_url: null };
  if (typeof voice_fallback_url === 'string' && typeof voice_url !== 'string') throw new TwilioError(400, 21405, 'A fallback URL needs a primary one');
  return attributes;
}

/** Between an account and its subaccounts, by the parent alone. */
function checkMove({ world, account, acting }: Asked, to: string): Account {
  const target = world.account(to);
  if (target === undefined || (target.parent ?? target) !== (account.parent ?? account)) throw new TwilioError(400, 21473, 'AccountSid you are transferring to is not related to the originating owner of the phone number');
  if (acting.parent !== null) throw new TwilioError(400, 21474, 'API User must be the parent account to transfer phone numbers.');
  if (!target.isActive) throw new TwilioError(403, 20005, 'Account not active');
  return target;
}

function move({ account }: Asked, row: Row, target: Account): void {
  account.numbers.remove(row.sid);
  target.numbers.add(row.attributes, row.sid);
}

function view({ account }: Pick<Asked, 'account'>, row: Row): Readonly<Record<string, unknown>> {
  return { ...commonView(account.sid, row), uri: `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers/${row.sid}.json` };
}
