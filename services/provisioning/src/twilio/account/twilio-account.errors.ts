import { PermanentError, TransientError, TroncalError } from '@troncal/kernel';

/** A refusal as the SDK throws it. */
interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** Our own errors have a status too. */
const isRefusal = (error: unknown): error is Refusal => error instanceof Error && !(error instanceof TroncalError) && typeof (error as Partial<Refusal>).status === 'number';

/** Twilio's code of a refusal; undefined for what is none. */
export const codeOf = (error: unknown): number | undefined => (isRefusal(error) ? error.code : undefined);
export const isMissing = (error: unknown): boolean => isRefusal(error) && error.status === 404;
/** It isn't known whether the change was made. */
export const isUnknown = (error: unknown): boolean => error instanceof TransientError && error.code === 'twilio_outcome_unknown';

const KNOWN: Readonly<Record<number, readonly [string, string]>> = {
  10004: ['calls_full', 'An account without an approved Business profile takes 2 or 3 calls at once: have the profile approved in Twilio’s Trust Hub.'],
  20003: ['twilio_credentials_wrong', 'Check the account’s SID with its token or key.'],
  20005: ['account_suspended', 'The account is suspended: see Twilio’s Console.'],
  21230: ['domains_full', 'An account has 100 SIP domains at most: use one for all tenants.'],
  21232: ['domain_taken', 'Domain names are unique over all of Twilio: choose another one before any phone knows it.'],
  21101: ['subaccount_of_subaccount', 'The platform’s account is a subaccount itself: give Troncal its parent, or place tenants in lists.'],
  21239: ['lists_full', 'An account has 100 credential lists at most: use pooled placement, or a subaccount.'],
  21237: ['addresses_full', 'An address list has 100 addresses at most: name larger networks.'],
  21242: ['users_full', 'A list has 1,000 users at most: use another list.'],
  21255: ['address_lists_full', 'An account has 100 address lists at most: remove one that is used no more.'],
  21422: ['number_taken', 'Somebody else has it: search for another one.'],
  21473: ['account_unrelated', 'Numbers move between an account and its subaccounts only.'],
  21476: ['account_suspended', 'The parent account is suspended: see Twilio’s Console.'],
  21478: ['suspended_by_twilio', 'Twilio has suspended this subaccount, and Twilio alone takes that back: ask its support.'],
  21479: ['account_closed', 'A closed account never opens again: delete the tenant and declare it anew.'],
  21480: ['subaccounts_full', 'An account has 1,000 subaccounts at most, a trial account one: ask Twilio’s support for more, or use dedicated or pooled placement.'],
  21613: ['address_missing', 'This number needs an address: add one to the tenant.'],
  21615: ['address_missing', 'This number needs an address where it is local: add one to the tenant.'],
  21631: ['address_missing', 'This number needs an address: add one to the tenant.'],
  21649: ['bundle_missing', 'This number needs an approved regulatory bundle: file one, and wait for Twilio’s people.'],
};

/** Whatever the SDK threw as one of our errors. What is ours already goes through. */
export function asOurs(error: unknown, what: string): unknown {
  if (!isRefusal(error)) return error;
  const [code, remedy] = KNOWN[error.code] ?? ['twilio_refused', `See https://www.twilio.com/docs/errors/${error.code}.`];
  return new PermanentError(code, `Twilio refused ${what}: ${error.message} (${error.code}).`, { details: { twilioCode: error.code, status: error.status }, remedy });
}
