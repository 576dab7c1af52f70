import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import { COUNTRIES, countryOf, type Country } from '../countries/countries.js';
import { flag, readForm } from '../wire/form.js';
import { metaPageOf } from '../wire/page.js';
import { created, ok, type Asked, type Route } from '../wire/router.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import { isKnown, SPECIAL_PREFIXES } from './dialing-permissions.js';

const BASE = 'voice.twilio.com/v1/DialingPermissions';
const SETTINGS = 'voice.twilio.com/v1/Settings';
const listed = COUNTRIES.map((country) => ({ ...country, sid: country.iso }));

const yes = z.union([z.boolean(), flag()]);
const updates = z.array(z.strictObject({ iso_code: z.string().refine(isKnown, 'a country that Twilio calls'), low_risk_numbers_enabled: yes.optional(), high_risk_special_numbers_enabled: yes.optional(), high_risk_tollfraud_numbers_enabled: yes.optional() })).min(1);
const bulk = z.strictObject({ UpdateRequest: z.string() });
const settings = z.strictObject({ DialingPermissionsInheritance: flag().optional() });

/** Which countries may be called, by kind of number. They are an account's, not a tenant's. */
export const dialingPermissionRoutes: readonly Route[] = [
  { method: 'GET', template: `${BASE}/Countries`, handle: (asked) => ok(metaPageOf('content', asked, listed.filter((country) => isMeant(asked, country)), (country) => view(asked.account, country))) },
  { method: 'GET', template: `${BASE}/Countries/{Country}`, handle: (asked) => ok(view(asked.account, countryAsked(asked))) },
  {
    method: 'GET',
    template: `${BASE}/Countries/{Country}/HighRiskSpecialPrefixes`,
    handle: (asked) => ok(metaPageOf('content', asked, (SPECIAL_PREFIXES[countryAsked(asked).iso] ?? []).map((prefix) => ({ sid: prefix })), ({ sid }) => ({ prefix: sid }))),
  },
  { method: 'POST', template: `${BASE}/BulkCountryUpdates`, handle: (asked) => created(update(asked)) },
  { method: 'GET', template: SETTINGS, handle: ({ account }) => ok(settingsView(account)) },
  {
    method: 'POST',
    template: SETTINGS,
    handle: ({ account, form }) => {
      account.dialing.inherits = readForm(settings, form, 20001).DialingPermissionsInheritance ?? account.dialing.inherits;
      account.tell('voice-geographic-permissions.updated', account.sid, { dialing_permissions_inheritance: account.dialing.inherits });
      return { status: 202, body: settingsView(account) };
    },
  },
];

function update({ account, form }: Asked): object {
  const { UpdateRequest } = readForm(bulk, form, 20001);
  const parsed = updates.safeParse(jsonOf(UpdateRequest));
  if (!parsed.success) throw new TwilioError(400, 20001, `UpdateRequest: ${z.prettifyError(parsed.error)}`);
  for (const { iso_code: iso, low_risk_numbers_enabled: low, high_risk_special_numbers_enabled: special, high_risk_tollfraud_numbers_enabled: tollfraud } of parsed.data) {
    const before = account.dialing.of(iso);
    const now = { low: low ?? before.low, special: special ?? before.special, tollfraud: tollfraud ?? before.tollfraud };
    account.dialing.set(iso, now);
    account.tell('voice-geographic-permissions.updated', account.sid, { iso_code: iso, previous: { ...before }, updated: now });
  }
  return { update_count: parsed.data.length, update_request: UpdateRequest };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function countryAsked({ params, path }: Asked): Country {
  const country = countryOf(params['Country'] ?? '');
  if (country === undefined) throw notFound(path);
  return country;
}

function isMeant({ account, query }: Asked, { iso, continent, codes }: Country): boolean {
  const { low, special, tollfraud } = account.dialing.of(iso);
  const same = (name: string, value: string): boolean => !query.has(name) || query.get(name) === value;
  const code = query.get('CountryCode')?.replace(/^\+/, '');
  return same('IsoCode', iso) && same('Continent', continent) && (code === undefined || codes.includes(code)) && same('LowRiskNumbersEnabled', String(low)) && same('HighRiskSpecialNumbersEnabled', String(special)) && same('HighRiskTollfraudNumbersEnabled', String(tollfraud));
}

function view(account: Account, { iso, name, continent, codes }: Country): object {
  const { low, special, tollfraud } = account.dialing.of(iso);
  const url = `https://${BASE}/Countries/${iso}`;
  return { iso_code: iso, name, continent, country_codes: codes.map((code) => `+${code}`), low_risk_numbers_enabled: low, high_risk_special_numbers_enabled: special, high_risk_tollfraud_numbers_enabled: tollfraud, url, links: { highrisk_special_prefixes: `${url}/HighRiskSpecialPrefixes` } };
}

const settingsView = (account: Account): object => ({ dialing_permissions_inheritance: account.dialing.inherits, url: `https://${SETTINGS}` });
