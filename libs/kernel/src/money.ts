import { PermanentError } from './errors.js';

/** An amount in the currency's minor units (cents; CLP has none, so pesos). Integers only: no rounding ever happens here. */
export interface Money {
  readonly minor: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

const CURRENCY = /^[A-Z]{3}$/;

/** @throws PermanentError `bad_money` unless minor is a safe integer and currency three capitals */
export function money(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor) || !CURRENCY.test(currency)) {
    throw new PermanentError('bad_money', `Not an amount: ${minor} ${currency}.`, {
      remedy: 'Give whole minor units (cents, or pesos for CLP) and an ISO 4217 code such as CLP or USD.',
    });
  }
  return { minor, currency };
}

/** a + b; both must be in one currency. */
export function addMoney(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.minor + b.minor, a.currency);
}

/** a - b; may be negative. */
export function subtractMoney(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(a.minor - b.minor, a.currency);
}

/** Below zero, zero or above, as sort functions want it. */
export function compareMoney(a: Money, b: Money): number {
  sameCurrency(a, b);
  return Math.sign(a.minor - b.minor);
}

/** How many decimals a currency has by CLDR (Intl): 2 for USD, 0 for CLP. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** For people, in their language: `formatMoney(money(1250, 'USD'), 'es-CL')` is `US$12,50`. */
export function formatMoney(amount: Money, locale: string): string {
  const digits = minorDigits(amount.currency);
  return new Intl.NumberFormat(locale, { style: 'currency', currency: amount.currency }).format(amount.minor / 10 ** digits);
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency === b.currency) return;
  throw new PermanentError('mixed_currencies', `${a.currency} and ${b.currency} can't be reckoned together.`, {
    remedy: 'Convert one of them at a stated rate first.',
  });
}
