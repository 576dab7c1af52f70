import { parsePhoneNumberFromString, type CountryCode, type NumberType, type PhoneNumber } from 'libphonenumber-js/max';
import { PermanentError } from './errors.js';

/** A phone number in E.164: `+` and 7 to 15 digits (ITU-T E.164). */
export type E164 = string & { readonly __e164: true };

const E164_FORM = /^\+[1-9]\d{6,14}$/;

/** What is known about a number without asking anybody. */
export interface NumberFacts {
  readonly e164: E164;
  /** ISO 3166 country, absent for numbers of no country (satellite, +883 …). */
  readonly country: string | undefined;
  /** libphonenumber's class (MOBILE, FIXED_LINE, PREMIUM_RATE …); absent when the plan can't tell. */
  readonly type: NumberType | undefined;
}

/** True for the form of E.164; says nothing about whether such a number exists. */
export function isE164(text: string): text is E164 {
  return E164_FORM.test(text);
}

/**
 * Reads a number as people write it (`(2) 2345 6789`, `0056 2 …`, `+56 9 …`).
 * @param country where a number without a country code is dialled from (ISO 3166, `CL`)
 * @returns undefined when it is no possible number of its country's plan
 */
export function readNumber(text: string, country?: string): NumberFacts | undefined {
  const number = parse(text, country);
  if (!number?.isPossible()) return undefined;
  const e164 = number.number;
  if (!isE164(e164)) return undefined;
  return { e164, country: number.country, type: number.getType() };
}

/** As readNumber, but refuses with a PermanentError `bad_phone_number` that shows the number masked. */
export function parseE164(text: string, country?: string): E164 {
  const facts = readNumber(text, country);
  if (facts) return facts.e164;
  throw new PermanentError('bad_phone_number', `${maskNumber(text)} is not a possible phone number${country ? ` from ${country}` : ''}.`, {
    remedy: 'Give it in E.164, for example +56223456789.',
  });
}

/** For people: `+56 2 2345 6789`, or the national form `(2) 2345 6789`. Unknown text comes back as it was. */
export function formatNumber(text: string, style: 'international' | 'national' = 'international'): string {
  const number = parse(text);
  if (!number) return text;
  return style === 'national' ? number.formatNational() : number.formatInternational();
}

/**
 * A number for logs and screens that may not show it: country code and the last four digits (`+56*****4321`).
 * Extensions and short codes (up to five digits) identify no person and stay as they are.
 */
export function maskNumber(text: string): string {
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length <= 5) return text;
  const code = text.trimStart().startsWith('+') ? (parse(text)?.countryCallingCode ?? digits.slice(0, 2)) : '';
  const hidden = Math.max(1, digits.length - code.length - 4);
  return `${code === '' ? '' : `+${code}`}${'*'.repeat(hidden)}${digits.slice(-4)}`;
}

function parse(text: string, country?: string): PhoneNumber | undefined {
  return parsePhoneNumberFromString(text, country === undefined ? undefined : (country as CountryCode));
}
