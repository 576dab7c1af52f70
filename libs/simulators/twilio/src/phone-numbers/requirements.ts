import type { Account } from '../accounts/account.js';
import { hasEmergencyCalling } from '../addresses/emergency-countries.js';
import { regulationOf } from '../regulatory/regulations.js';
import type { Attributes } from '../wire/rows.js';
import { TwilioError } from '../wire/twilio-error.js';
import type { StockedNumber } from './number-market.js';

const NUMBER_TYPE = { Local: 'local', Mobile: 'mobile', National: 'national', TollFree: 'toll-free' } as const;

/** What buying this number takes: an approved bundle for numbers of its kind, or an address of the right country. @throws TwilioError 400 */
export function refuseUnmet(number: StockedNumber, account: Account, bundle: string | null | undefined, address: string | null | undefined): void {
  if (number.bundleRequired) return refuseBundle(number, account, bundle ?? null);
  const { addressRequirements: wanted, country } = number;
  if (wanted === 'none' && (address ?? null) === null) return;
  const where = account.addresses.get(address ?? '')?.attributes['iso_country'];
  if (wanted === 'local' && where !== country) throw new TwilioError(400, 21615, 'Phone Number Requires a Local Address');
  if (where === undefined || (wanted === 'foreign' && where === country)) throw new TwilioError(400, 21631, 'Phone Number Requires an Address');
}

function refuseBundle({ country, type }: StockedNumber, account: Account, sid: string | null): void {
  if (sid === null) throw new TwilioError(400, 21649, 'Bundle required');
  if (account.approvedBundles.has(sid)) return;
  const bundle = account.regulatory.bundles.get(sid);
  if (!['twilio-approved', 'provisionally-approved'].includes(String(bundle?.attributes['status'] as string | undefined))) throw new TwilioError(400, 21649, `Bundle ${sid} is not approved`);
  const regulation = regulationOf(bundle?.attributes['regulation_sid']);
  if (regulation?.iso !== country || regulation.numberType !== NUMBER_TYPE[type]) throw new TwilioError(400, 21651, `Bundle ${sid} is for ${regulation?.numberType} numbers of ${regulation?.iso}, not for ${NUMBER_TYPE[type]} ones of ${country}`);
}

/** A number's emergency address as it is registered: only one that was made for emergencies, where there is emergency calling. @throws TwilioError 400 */
export function withEmergency(attributes: Attributes, account: Account): Attributes {
  const sid = attributes['emergency_address_sid'] ?? null;
  if (sid === null) return { ...attributes, emergency_address_status: 'unregistered', emergency_status: 'Inactive' };
  const address = account.addresses.get(sid as string);
  if (address?.attributes['emergency_enabled'] !== true || !hasEmergencyCalling(address.attributes['iso_country'] as string)) throw new TwilioError(400, 21628, `${sid as string} is no address for emergency calls`);
  return { ...attributes, emergency_address_status: 'registered', emergency_status: 'Active' };
}
