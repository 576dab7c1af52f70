import { z } from 'zod';
import { attributesOf, flag, method, readForm, sid, url, voiceParameters } from '../wire/form.js';
import { commonView, pageOf } from '../wire/page.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Attributes, Row } from '../wire/rows.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import type { StockedNumber } from './number-market.js';

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
  { method: 'POST', template: NUMBERS, handle: (asked) => created(view(asked, buy(asked))) },
  {
    method: 'GET',
    template: NUMBERS,
    handle: (asked) => {
      const [wanted, name] = [asked.query.get('PhoneNumber'), asked.query.get('FriendlyName')];
      const rows = asked.account.numbers.allSeen().filter(({ attributes }) => (wanted === null || attributes['phone_number'] === wanted) && (name === null || attributes['friendly_name'] === name));
      return ok(pageOf('incoming_phone_numbers', asked.path, asked.query, rows, (row) => view(asked, row)));
    },
  },
  { method: 'GET', template: NUMBER, handle: (asked) => ok(view(asked, numberOf(asked))) },
  {
    method: 'POST',
    template: NUMBER,
    handle: (asked) => {
      const row = numberOf(asked);
      const { AccountSid, ...form } = readForm(changed, asked.form, INVALID);
      asked.account.numbers.change(row, settled({ ...row.attributes, ...attributesOf(form) }));
      if (AccountSid !== undefined && AccountSid !== asked.account.sid) move(asked, row, AccountSid);
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: NUMBER,
    handle: (asked) => {
      const row = numberOf(asked);
      if (row.attributes['emergency_address_sid'] !== null) throw new TwilioError(400, 21627, 'The emergency address of this number has to be taken away first');
      asked.account.numbers.remove(row.sid);
      return gone();
    },
  },
];

function buy({ world, account, form: given }: Asked): Row {
  const { PhoneNumber, AreaCode, ...form } = readForm(bought, given, INVALID);
  const { market } = world;
  if (PhoneNumber === undefined && AreaCode === undefined) throw new TwilioError(400, 21421, 'PhoneNumber or AreaCode is required');
  const number = PhoneNumber === undefined ? market.search({ country: 'US', type: 'Local', areaCode: AreaCode, excludeAddressRequired: false })[0] : market.find(PhoneNumber);
  if (number === undefined) throw new TwilioError(400, 21422, `${PhoneNumber ?? `A number of ${AreaCode}`} is not available`);
  refuseUnmet(number, form, (bundle) => account.approvedBundles.has(bundle));
  market.sell(number.phoneNumber);
  return account.numbers.add(
    settled({
      ...DEFAULTS,
      friendly_name: number.phoneNumber,
      phone_number: number.phoneNumber,
      address_requirements: number.addressRequirements,
      type: number.type.toLowerCase(),
      capabilities: { voice: true, sms: false, mms: false, fax: false },
      ...attributesOf(form),
    }),
  );
}

function refuseUnmet(number: StockedNumber, { AddressSid, BundleSid }: { readonly AddressSid?: string | null | undefined; readonly BundleSid?: string | null | undefined }, isApproved: (bundle: string) => boolean): void {
  if (number.bundleRequired) {
    if (BundleSid === undefined || BundleSid === null) throw new TwilioError(400, 21649, 'Bundle required');
    if (!isApproved(BundleSid)) throw new TwilioError(400, 21649, `Bundle ${BundleSid} is not approved`);
    return;
  }
  if (number.addressRequirements === 'none' || (AddressSid !== undefined && AddressSid !== null)) return;
  if (number.addressRequirements === 'local') throw new TwilioError(400, 21615, 'Phone Number Requires a Local Address');
  throw new TwilioError(400, 21631, 'Phone Number Requires an Address');
}

/** What wins over what: a trunk over an application, that over a URL; a fallback needs what it is one of. */
function settled(attributes: Attributes): Attributes {
  const { trunk_sid, voice_application_sid, voice_url, voice_fallback_url } = attributes;
  if (typeof trunk_sid === 'string') return { ...attributes, voice_application_sid: null, voice_url: null, voice_fallback_url: null };
  if (typeof voice_application_sid === 'string') return { ...attributes, voice_url: null, voice_fallback_url: null };
  if (typeof voice_fallback_url === 'string' && typeof voice_url !== 'string') throw new TwilioError(400, 21405, 'A fallback URL needs a primary one');
  return attributes;
}

/** Between an account and its subaccounts. */
function move({ world, account, path }: Asked, row: Row, to: string): void {
  const target = world.account(to);
  if (target === undefined || (target.parent ?? target) !== (account.parent ?? account)) throw notFound(path);
  account.numbers.remove(row.sid);
  target.numbers.add(row.attributes, row.sid);
}

function numberOf({ account, params, path }: Asked): Row {
  const row = account.numbers.seen(params['NumberSid'] ?? '');
  if (row === undefined) throw notFound(path);
  return row;
}

const view = ({ account }: Asked, row: Row): Readonly<Record<string, unknown>> => ({ ...commonView(account.sid, row), uri: `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers/${row.sid}.json` });
