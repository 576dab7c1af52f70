import { isFromTwilio, type RawWebhook } from '../../twilio/webhooks/signed-request.js';
import type { VoiceEnvironment } from '../directory/voice-tenant.js';

/** An account that has signed, as far as an environment's tenants are in it. */
export interface Signer {
  readonly environment: string;
  /** The one tenant whose own account it is; null: the platform's, with all tenants that have none. */
  readonly tenant: string | null;
}

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/**
 * The accounts that have signed a request. Of subaccounts only the one is tried that the form names (`AccountSid`): of a thousand each would take its time, and what it says is believed
 * for nothing else.
 */
export function signersOf(environments: readonly VoiceEnvironment[], raw: RawWebhook): Signer[] {
  const named = FORM.test(raw.contentType ?? '') ? new URLSearchParams(Buffer.from(raw.body).toString('utf8')).get('AccountSid') : null;
  return environments.flatMap(({ name, publicUrl, fallbackUrl = publicUrl, tokens, subaccounts = [] }) => {
    const isSigned = (keys: readonly string[]): boolean => keys.length > 0 && [publicUrl, fallbackUrl].some((url) => isFromTwilio(raw, { publicUrl: url, tokens: keys }));
    const own = subaccounts.filter(({ sid, tokens: keys }) => sid === named && isSigned(keys)).map(({ tenant }): Signer => ({ environment: name, tenant }));
    return isSigned(tokens) ? [{ environment: name, tenant: null }, ...own] : own;
  });
}
