import type { NumberFacts } from '@troncal/kernel';

/** What a number is for, as far as its price and its risk go. */
export type NumberClass =
  | 'geographic'
  | 'mobile'
  | 'voip'
  | 'toll_free'
  | 'premium'
  | 'shared_cost'
  | 'personal'
  | 'special'
  | 'satellite'
  | 'international_network'
  /** No number of its country's plan. */
  | 'unassigned';

/** Ranges that go before libphonenumber's class, by the number in E.164; the first that fits counts. */
const RANGES: readonly (readonly [RegExp, NumberClass])[] = [
  // ITU-T E.164, list of assigned country codes: shared codes that belong to no country.
  [/^\+870/, 'satellite'], // Inmarsat SNAC
  [/^\+881/, 'satellite'], // Global Mobile Satellite System: Iridium 8816/8817, Globalstar 8818/8819
  [/^\+88[23]/, 'international_network'],
  [/^\+979/, 'premium'], // International Premium Rate Service
  [/^\+878/, 'personal'], // Universal Personal Telecommunications
  [/^\+808/, 'shared_cost'],
  [/^\+(888|991)/, 'special'],
  // NANP: 900 and the exchange 976 of any area are pay-per-call; 5xx is personal or machine; 600, 700, 710 are carriers' and governments' own.
  [/^\+1(900|[2-9]\d\d976)/, 'premium'],
  [/^\+15(00|2[1-9]|33|44|66|77|88)/, 'personal'],
  [/^\+1(456|600|622|633|644|655|677|688|700|710)/, 'special'],
  // Chile (Plan Técnico Fundamental de Numeración): 700 premium, 600 shared cost, 600 and 809 also mass calling since 2025.
  [/^\+56700/, 'premium'],
  [/^\+56(600|809)/, 'shared_cost'],
  // United Kingdom (Ofcom National Telephone Numbering Plan): 070 personal, 076 pagers; both dear, and the classical trap for who takes 07 for mobile.
  [/^\+4470/, 'personal'],
  [/^\+4476(?!24)/, 'special'],
  [/^\+44(8[47]|9)/, 'premium'],
];

const BY_TYPE: Readonly<Record<NonNullable<NumberFacts['type']>, NumberClass>> = {
  FIXED_LINE: 'geographic',
  FIXED_LINE_OR_MOBILE: 'geographic',
  MOBILE: 'mobile',
  VOIP: 'voip',
  TOLL_FREE: 'toll_free',
  PREMIUM_RATE: 'premium',
  SHARED_COST: 'shared_cost',
  PERSONAL_NUMBER: 'personal',
  UAN: 'special',
  PAGER: 'special',
  VOICEMAIL: 'special',
};

/** The class of a number; what neither a range nor the country's plan knows is `unassigned`. */
export function classOf(number: NumberFacts): NumberClass {
  const range = RANGES.find(([pattern]) => pattern.test(number.e164));
  if (range) return range[1];
  return number.type === undefined ? 'unassigned' : BY_TYPE[number.type];
}

/**
 * Whether the number begins like one of an allowed country without being one: +1 809 (DO) where US is allowed, +44 1534 (JE) where GB is, +7 7 (KZ)
 * where RU is. Callers that ring once and hang up live on it (Wangiri).
 */
export function looksLikeAllowed(number: NumberFacts, allowed: readonly string[]): string | undefined {
  const code = SHARED_CODES.find(({ prefix }) => number.e164.startsWith(prefix));
  if (!code || number.country === undefined || allowed.includes(number.country)) return undefined;
  return code.countries.find((country) => allowed.includes(country));
}

/** Codes of E.164 under which more than one country lives (ITU-T E.164, list of assigned country codes), and who of them is called most. */
const SHARED_CODES: readonly { readonly prefix: string; readonly countries: readonly string[] }[] = [
  { prefix: '+1', countries: ['US', 'CA', 'PR', 'DO', 'JM', 'TT', 'BS', 'BB', 'GU', 'VI', 'AG', 'AI', 'AS', 'BM', 'DM', 'GD', 'KN', 'KY', 'LC', 'MP', 'MS', 'SX', 'TC', 'VC', 'VG'] },
  { prefix: '+7', countries: ['RU', 'KZ'] },
  { prefix: '+39', countries: ['IT', 'VA'] },
  { prefix: '+44', countries: ['GB', 'GG', 'IM', 'JE'] },
  { prefix: '+47', countries: ['NO', 'SJ'] },
  { prefix: '+61', countries: ['AU', 'CC', 'CX'] },
  { prefix: '+212', countries: ['MA', 'EH'] },
  { prefix: '+262', countries: ['RE', 'YT'] },
  { prefix: '+290', countries: ['SH', 'TA'] },
  { prefix: '+358', countries: ['FI', 'AX'] },
  { prefix: '+590', countries: ['GP', 'BL', 'MF'] },
  { prefix: '+599', countries: ['CW', 'BQ'] },
];
