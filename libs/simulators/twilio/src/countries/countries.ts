/** A country as Twilio lists it. `US` stands for all of +1 in dialing permissions. */
export interface Country {
  readonly iso: string;
  readonly name: string;
  readonly continent: 'NORTH_AMERICA' | 'SOUTH_AMERICA' | 'EUROPE' | 'ASIA' | 'AFRICA' | 'OCEANIA' | 'WORLD';
  /** Digits after the plus. */
  readonly codes: readonly string[];
}

const country = (iso: string, name: string, continent: Country['continent'], ...codes: string[]): Country => ({ iso, name, continent, codes });

/** Where tests call from and to, and who is known for fraud. */
export const COUNTRIES: readonly Country[] = [
  country('AR', 'Argentina', 'SOUTH_AMERICA', '54'),
  country('BO', 'Bolivia', 'SOUTH_AMERICA', '591'),
  country('BR', 'Brazil', 'SOUTH_AMERICA', '55'),
  country('CL', 'Chile', 'SOUTH_AMERICA', '56'),
  country('CO', 'Colombia', 'SOUTH_AMERICA', '57'),
  country('CU', 'Cuba', 'NORTH_AMERICA', '53'),
  country('DE', 'Germany', 'EUROPE', '49'),
  country('EC', 'Ecuador', 'SOUTH_AMERICA', '593'),
  country('ES', 'Spain', 'EUROPE', '34'),
  country('FR', 'France', 'EUROPE', '33'),
  country('GB', 'United Kingdom', 'EUROPE', '44'),
  country('IT', 'Italy', 'EUROPE', '39'),
  country('LV', 'Latvia', 'EUROPE', '371'),
  country('MX', 'Mexico', 'NORTH_AMERICA', '52'),
  country('PE', 'Peru', 'SOUTH_AMERICA', '51'),
  country('PT', 'Portugal', 'EUROPE', '351'),
  country('SO', 'Somalia', 'AFRICA', '252'),
  country('US', 'United States', 'NORTH_AMERICA', '1'),
  country('UY', 'Uruguay', 'SOUTH_AMERICA', '598'),
  country('VE', 'Venezuela', 'SOUTH_AMERICA', '58'),
  country('XS', 'Satellite networks', 'WORLD', '870', '881', '882', '883'),
];

export const countryOf = (iso: string): Country | undefined => COUNTRIES.find((each) => each.iso === iso.toUpperCase());

/** Of the longest code that the number begins with. */
export function countryOfNumber(e164: string): Country | undefined {
  const digits = e164.replace(/^\+/, '');
  const matching = COUNTRIES.flatMap((each) => each.codes.filter((code) => digits.startsWith(code)).map((code) => ({ each, code })));
  return matching.toSorted((one, other) => other.code.length - one.code.length)[0]?.each;
}
