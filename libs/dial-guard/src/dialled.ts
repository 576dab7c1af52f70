import { maskNumber, readNumber, type NumberFacts } from '@troncal/kernel';

/** What somebody dialled, read once: what is judged and what is dialled later is the reading, never the text. */
export type Dialled =
  /** An extension, operator or feature code: 1 to 6 of `0-9 * #`. */
  | { readonly form: 'short'; readonly digits: string }
  | { readonly form: 'number'; readonly number: NumberFacts }
  /** `why` completes "it …" and holds no full number. */
  | { readonly form: 'unreadable'; readonly why: string };

const SHORT = /^[0-9*#]{1,6}$/;
/** At most one `+`, in front; ASCII digits and the marks that people write between them. No letter, no parameter, no digit of another script. */
const WRITTEN = /^ *\+?[0-9 ().-]+$/;
/** International prefix, carrier code and 15 digits of E.164 (ITU-T E.164, 6.1), with marks between them. */
const LONGEST = 40;

/**
 * Reads what was dialled in the tenant's country: `+56 2 …`, national, with the country's own prefixes (00, 011, carrier codes), which the reading drops.
 * Letters, digits of other scripts, URI parameters (`;phone-context=`) and anything else is unreadable: what one system reads as a call home another
 * may read as a call to somewhere else.
 */
export function readDialled(text: string, country: string): Dialled {
  if (SHORT.test(text)) return { form: 'short', digits: text };
  if (!WRITTEN.test(text) || text.length > LONGEST) return { form: 'unreadable', why: whyUnreadable(text) };
  const number = readNumber(text, country);
  if (!number) return { form: 'unreadable', why: `is no possible number from ${country}` };
  return { form: 'number', number };
}

/** As dialled, for details and logs: masked, and without what could be anything. */
export function shownDialled(text: string): string {
  return WRITTEN.test(text) || SHORT.test(text) ? maskNumber(text.slice(0, LONGEST)) : 'what was dialled';
}

function whyUnreadable(text: string): string {
  if (text.length === 0) return 'is empty';
  if (text.length > LONGEST) return `is longer than ${LONGEST} characters`;
  if (text.includes(';') || text.includes('@') || text.includes('=')) return 'carries parameters of a URI';
  if (/\p{L}/u.test(text)) return 'is written with letters';
  if (/[^\P{Nd}0-9]/u.test(text)) return 'is written with digits of another script';
  return 'holds characters that no number has';
}
