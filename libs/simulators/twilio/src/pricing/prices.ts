import { z } from 'zod';
import { COUNTRIES } from '../countries/countries.js';

const amount = z.string().regex(/^\d+(\.\d+)?$/);

/** What Twilio takes in one country, in US dollars. An empty list: it has none of that. */
export const countryPricesSchema = z.strictObject({
  country: z.string().length(2),
  /** A number's rent, a month. */
  numbers: z.array(z.strictObject({ type: z.enum(['local', 'mobile', 'national', 'toll free']), monthly: amount })).default([]),
  /** A minute of a call that comes in by one. */
  inbound: z.array(z.strictObject({ type: z.enum(['local', 'mobile', 'national', 'toll free']), minute: amount })).default([]),
  /** A minute of a call to numbers that begin with these digits; the longest that fits counts. */
  outbound: z.array(z.strictObject({ name: z.string(), prefixes: z.array(z.string().regex(/^\d+$/)).min(1), minute: amount })).default([]),
});
export type CountryPrices = z.output<typeof countryPricesSchema>;

const prices = (country: string, numbers: Readonly<Record<string, readonly [monthly: string, minute: string]>>, outbound: Readonly<Record<string, readonly [minute: string, ...prefixes: string[]]>>): CountryPrices =>
  countryPricesSchema.parse({
    country,
    numbers: Object.entries(numbers).map(([type, [monthly]]) => ({ type, monthly })),
    inbound: Object.entries(numbers).map(([type, [, minute]]) => ({ type, minute })),
    outbound: Object.entries(outbound).map(([name, [minute, ...prefixes]]) => ({ name, minute, prefixes })),
  });

/** SIMULATED: of the size of Twilio's prices, none of them Twilio's price. Where nothing is said a minute costs {@link ELSEWHERE}. */
const KNOWN: readonly CountryPrices[] = [
  prices('CL', { local: ['7.00', '0.0110'], mobile: ['9.00', '0.0110'] }, { 'Chile': ['0.0350', '56'], 'Chile - Mobile': ['0.0750', '569'], 'Chile - Premium': ['0.6500', '56600', '56700'] }),
  prices('US', { 'local': ['1.15', '0.0085'], 'toll free': ['2.15', '0.0220'] }, { 'United States & Canada': ['0.0140', '1'], 'United States - Alaska': ['0.0900', '1907'], 'United States & Canada - Toll Free': ['0.0140', '1800', '1844', '1855', '1866', '1877', '1888'], 'United States - Premium': ['0.9900', '1900'] }),
  prices('MX', { 'local': ['6.25', '0.0100'], 'toll free': ['30.00', '0.1500'] }, { 'Mexico': ['0.0120', '52'], 'Mexico - Mobile': ['0.0310', '521'] }),
  prices('AR', { local: ['8.00', '0.0100'] }, { 'Argentina': ['0.0300', '54'], 'Argentina - Mobile': ['0.2100', '549'] }),
  prices('BR', { local: ['4.25', '0.0100'] }, { 'Brazil': ['0.0300', '55'] }),
  prices('CO', { local: ['14.00', '0.0100'] }, { 'Colombia': ['0.0350', '57'], 'Colombia - Mobile': ['0.0290', '573'] }),
  prices('PE', { local: ['15.00', '0.0100'] }, { 'Peru': ['0.0280', '51'] }),
  prices('ES', { local: ['2.50', '0.0100'] }, { 'Spain': ['0.0165', '34'], 'Spain - Mobile': ['0.0350', '346', '347'], 'Spain - Premium': ['1.2000', '34803', '34806', '34807'] }),
  prices('GB', { local: ['1.15', '0.0100'] }, { 'United Kingdom': ['0.0158', '44'], 'United Kingdom - Mobile': ['0.0353', '447'], 'United Kingdom - Premium': ['1.8000', '449'] }),
  prices('CU', {}, { Cuba: ['0.9900', '53'] }),
  prices('SO', {}, { Somalia: ['0.8800', '252'] }),
  prices('XS', {}, { 'Satellite - Inmarsat': ['11.0000', '870'], 'Satellite - Iridium, Globalstar, Thuraya': ['9.5000', '881', '882', '883'] }),
];
const ELSEWHERE = '0.1000';

/** What everything costs. */
export class PriceList {
  private readonly byCountry = new Map(KNOWN.map((each) => [each.country, each]));

  /** In place of what was said of these countries. */
  put(changed: readonly CountryPrices[]): void {
    for (const each of changed) this.byCountry.set(each.country, each);
  }

  of(iso: string): CountryPrices {
    const country = COUNTRIES.find((each) => each.iso === iso);
    return this.byCountry.get(iso) ?? { country: iso, numbers: [], inbound: [], outbound: [{ name: country?.name ?? iso, prefixes: [...(country?.codes ?? [])], minute: ELSEWHERE }] };
  }

  /** A minute of a call to this number, in US dollars. */
  minuteTo(e164: string, iso: string): string | undefined {
    const digits = e164.replace(/^\+/, '');
    const fitting = this.of(iso).outbound.flatMap(({ prefixes, minute }) => prefixes.filter((prefix) => digits.startsWith(prefix)).map((prefix) => ({ prefix, minute })));
    return fitting.toSorted((one, other) => other.prefix.length - one.prefix.length)[0]?.minute;
  }
}
