import { PermanentError, TransientError } from '@troncal/kernel';

/** A refusal as the SDK throws it. */
interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

const isRefusal = (error: unknown): error is Refusal => error instanceof Error && typeof (error as Partial<Refusal>).status === 'number';

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
  21239: ['lists_full', 'An account has 100 credential lists at most: use pooled placement, or a subaccount.'],
  21242: ['users_full', 'A list has 1,000 users at most: use another list.'],
  21422: ['number_taken', 'Somebody else has it: search for another one.'],
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
