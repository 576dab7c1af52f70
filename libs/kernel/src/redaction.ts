import { maskNumber } from './phone-number.js';

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

const SECRET_KEY = /pass(word|phrase)?$|secret|token|authorization|api[-_]?key|credential|cookie|private[-_]?key|^ha1$|^pin$/i;
// Seven digits is the shortest subscriber number worth hiding. Inside longer tokens (ids, timestamps with letters) nothing is masked.
const PHONE_IN_TEXT = /(?<![\w.:-])\+?\d[\d\s().-]{5,17}\d(?![\w:-])/g;
const CARD_IN_TEXT = /(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-])/g;

/** True when a key's name says that its value is a secret (password, token, authorization, apiKey, ha1 …). */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

/**
 * Free text with card numbers removed and phone numbers masked. A card is what passes the Luhn check with 13 to 19 digits; the rest with
 * a `+`, or 8 or more bare digits, is taken for a phone number.
 */
export function redactText(text: string): string {
  return text
    .replaceAll(CARD_IN_TEXT, (found) => (luhn(found.replaceAll(/\D/g, '')) ? '[card]' : found))
    .replaceAll(PHONE_IN_TEXT, (found) => {
      const digits = found.replaceAll(/\D/g, '');
      if (digits.length > 15 || /^\d{4}-\d{2}-\d{2}/.test(found)) return found;
      return found.startsWith('+') || digits.length >= 8 ? maskNumber(found) : found;
    });
}

function luhn(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
