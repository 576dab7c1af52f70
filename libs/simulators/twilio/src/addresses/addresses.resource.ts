import { z } from 'zod';
import { countryOf } from '../countries/countries.js';
import { attributesOf, flag, friendlyName, readForm } from '../wire/form.js';
import { commonView, pageOf } from '../wire/page.js';
import { meantBy, readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import { hasEmergencyCalling } from './emergency-countries.js';

const INVALID = 21628;
const ADDRESSES = `${ACCOUNT}/Addresses.json`;
const ADDRESS = `${ACCOUNT}/Addresses/{AddressSid}.json`;

const part = z.string().min(1).max(255);
const fields = { CustomerName: part, Street: part, City: part, Region: part, PostalCode: part };
const options = { FriendlyName: friendlyName().optional(), EmergencyEnabled: flag().optional(), AutoCorrectAddress: flag().optional(), StreetSecondary: z.string().optional() };
const newAddress = z.strictObject({ ...fields, IsoCountry: z.string().refine((iso) => countryOf(iso) !== undefined, 'a country'), ...options });
const changedAddress = z.strictObject({ ...z.object(fields).partial().shape, ...options });

/** Where customers are. One that a number or a bundle's document uses can be neither changed nor deleted. */
export const addressRoutes: readonly Route[] = [
  ...readingRoutes({ all: ADDRESSES, one: ADDRESS, key: 'addresses', rowsOf, view, isMeant: meantBy({ CustomerName: 'customer_name', FriendlyName: 'friendly_name', IsoCountry: 'iso_country', EmergencyEnabled: 'emergency_enabled' }) }),
  {
    method: 'POST',
    template: ADDRESSES,
    handle: (asked) => {
      const { AutoCorrectAddress: _, ...wanted } = readForm(newAddress, asked.form, INVALID);
      refuseEmergency(wanted.EmergencyEnabled === true, wanted.IsoCountry);
      const validated = wanted.EmergencyEnabled === true;
      return created(view(asked, rowsOf(asked).add({ friendly_name: null, street_secondary: null, emergency_enabled: false, validated, verified: false, ...attributesOf(wanted) })));
    },
  },
  {
    method: 'POST',
    template: ADDRESS,
    handle: (asked) => {
      const row = rowAt(rowsOf(asked), asked);
      const { AutoCorrectAddress: _, ...wanted } = readForm(changedAddress, asked.form, INVALID);
      refuseEmergency(wanted.EmergencyEnabled === true, row.attributes['iso_country'] as string);
      refuseUsed(asked, row);
      rowsOf(asked).change(row, attributesOf(wanted));
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: ADDRESS,
    handle: (asked) => {
      const row = rowAt(rowsOf(asked), asked);
      refuseUsed(asked, row);
      rowsOf(asked).remove(row.sid);
      return gone();
    },
  },
  {
    method: 'GET',
    template: `${ACCOUNT}/Addresses/{AddressSid}/DependentPhoneNumbers.json`,
    handle: (asked) => {
      const { account, params, path, query } = asked;
      if (account.addresses.seen(params['AddressSid'] ?? '') === undefined) throw notFound(path);
      return ok(pageOf('dependent_phone_numbers', path, query, dependents(asked, params['AddressSid'] ?? ''), ({ sid, attributes }) => ({ sid, account_sid: account.sid, phone_number: attributes['phone_number'], friendly_name: attributes['friendly_name'], voice_url: attributes['voice_url'], emergency_address_sid: attributes['emergency_address_sid'] })));
    },
  },
];

function rowsOf({ account }: Asked): Rows {
  return account.addresses;
}

const dependents = ({ account }: Asked, sid: string): Row[] => account.numbers.all().filter(({ attributes }) => attributes['address_sid'] === sid || attributes['emergency_address_sid'] === sid);

function refuseUsed(asked: Asked, { sid }: Row): void {
  const { documents } = asked.account.regulatory;
  if (documents.all().some(({ attributes }) => JSON.stringify(attributes['attributes']).includes(sid))) throw new TwilioError(400, 21630, 'Cannot mutate Address that is linked to a verified Document.');
  const [number] = dependents(asked, sid);
  if (number !== undefined) throw new TwilioError(400, INVALID, `Address ${sid} is used by phone number ${number.sid}`);
}

function refuseEmergency(isWanted: boolean, country: string): void {
  if (isWanted && !hasEmergencyCalling(country)) throw new TwilioError(400, INVALID, `There is no emergency calling in ${country}`);
}

function view({ account }: Asked, row: Row): Readonly<Record<string, unknown>> {
  return { ...commonView(account.sid, row), uri: `/2010-04-01/Accounts/${account.sid}/Addresses/${row.sid}.json` };
}
