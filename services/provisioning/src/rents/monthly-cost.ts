import type { PlanView } from '@troncal/contracts';
import { readNumber, type NumberFacts } from '@troncal/kernel';
import type { CountryRents } from './rent-source.js';

/** Numbers that are there, that a plan adds and that it takes away, in E.164. */
export interface RentedNumbers {
  readonly now: readonly string[];
  readonly added: readonly string[];
  readonly taken: readonly string[];
}

/** What Twilio asks money for: numbers of one kind in one country. */
export interface NumberKind {
  readonly country: string;
  readonly type: 'local' | 'mobile' | 'national' | 'toll free';
}

const CURRENCY = 'USD';

/** libphonenumber's classes as Twilio sells them. Where a plan doesn't tell fixed and mobile lines apart (Chile, the US), Twilio sells them as local. */
const TYPES: Readonly<Partial<Record<NonNullable<NumberFacts['type']>, NumberKind['type']>>> = {
  FIXED_LINE: 'local', FIXED_LINE_OR_MOBILE: 'local', MOBILE: 'mobile', TOLL_FREE: 'toll free', UAN: 'national', SHARED_COST: 'national', VOIP: 'national', PERSONAL_NUMBER: 'national',
};

/** undefined for a number of which its country's plan doesn't tell. */
export function kindOf(e164: string): NumberKind | undefined {
  const { country, type: read } = readNumber(e164) ?? {};
  const type = read === undefined ? undefined : TYPES[read];
  return country === undefined || type === undefined ? undefined : { country, type };
}

/** The countries whose prices it takes. */
export const countriesOf = ({ now, added, taken }: RentedNumbers): ReadonlySet<string> => new Set([...now, ...added, ...taken].flatMap((e164) => kindOf(e164)?.country ?? []));

/** What these numbers cost a month, and what a plan changes of it. Numbers without a price in US dollars stand in `unknown`, those of a kind as one. Pure. */
export function monthlyCost(numbers: RentedNumbers, rents: ReadonlyMap<string, CountryRents>): PlanView['cost'] {
  const unknown = new Map<string, { readonly of: string; readonly each: Set<string> }>();
  const priceOf = (e164: string): number => {
    const kind = kindOf(e164);
    const inCountry = kind && rents.get(kind.country);
    const micros = kind && inCountry?.currency === CURRENCY ? inCountry.perMonthMicros.get(kind.type) : undefined;
    if (micros !== undefined) return micros;
    const of = kind === undefined ? e164 : `${kind.type} numbers of ${kind.country}`;
    const missed = unknown.get(of) ?? { of, each: new Set() };
    unknown.set(of, { of, each: missed.each.add(e164) });
    return 0;
  };
  const sum = (all: readonly string[]): number => all.reduce((micros, e164) => micros + priceOf(e164), 0);
  const [now, change] = [sum(numbers.now), sum(numbers.added) - sum(numbers.taken)];
  return {
    now: now / 1_000_000,
    change: change / 1_000_000,
    unknown: [...unknown.values()].map(({ of, each }) => (each.has(of) ? of : `${each.size} ${each.size === 1 ? of.replace('numbers', 'number') : of}`)),
  };
}
