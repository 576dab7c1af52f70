import { createHash } from 'node:crypto';
import type { EdgeAddress } from '@troncal/contracts';
import { UsageError } from './options.js';
import type { Secrets } from './secrets.js';

/** The Twilio account that tenants are brought to: the one of the environment's key, else a simulated one. */
export interface TwilioPlan {
  readonly simulated: boolean;
  readonly accountSid: string;
  readonly authToken: string;
  /** Of the simulator; null for Twilio itself. */
  readonly apiUrl: string | null;
  /** Where Twilio reaches this Troncal: HTTPS, since it takes media streams over TLS alone. The simulator is told to ask `apiUrl`'s front door instead. */
  readonly publicUrl: string;
  /** SIP domain of the environment that is made at the first start; unique over all of Twilio, so it has something of the account. */
  readonly domain: string;
  /** Where Twilio reaches the first edge: the simulator by loopback, Twilio itself where the world does. null: it has no way there. */
  readonly edge: EdgeAddress | null;
}

/** Of nobody (RFC 2606): only the simulator is asked at it. */
const SIMULATED_URL = 'https://troncal.invalid';

interface TwilioWishes {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: Secrets;
  readonly port: number;
  readonly publicUrl: string | null;
  readonly apiUrl: string;
  /** Where SIP is to be had from this machine, and whether that is an address of the world; null without Asterisk. */
  readonly sip: { readonly host: string; readonly port: number; readonly isPublic: boolean } | null;
}

/** @throws UsageError when half of a key is there */
export function twilioPlan({ env, secrets, port, publicUrl, apiUrl, sip }: TwilioWishes): TwilioPlan {
  const sid = env['TWILIO_ACCOUNT_SID'] ?? '';
  const token = env['TWILIO_AUTH_TOKEN'] ?? '';
  if ((sid === '') !== (token === '')) throw new UsageError('TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN belong together: set both, or none for the simulator');
  if (sid === '') {
    const accountSid = `AC${createHash('sha256').update(secrets.of('twilio.account')).digest('hex').slice(0, 32)}`;
    return { simulated: true, accountSid, authToken: secrets.of('twilio.token'), apiUrl: `http://127.0.0.1:${port}`, publicUrl: publicUrl ?? SIMULATED_URL, domain: 'troncal-local.sip.twilio.com', edge: sip && { host: sip.host, port: sip.port, transport: 'udp' } };
  }
  return { simulated: false, accountSid: sid, authToken: token, apiUrl: null, publicUrl: publicUrl ?? apiUrl, domain: `troncal-${sid.slice(2, 12).toLowerCase()}.sip.twilio.com`, edge: sip?.isPublic ? { host: sip.host, port: sip.port, transport: 'tcp' } : null };
}

/** What provisioning is told of it. */
export const twilioEnv = ({ accountSid, authToken, apiUrl }: TwilioPlan): Record<string, string> => ({
  TWILIO_ACCOUNT_SID: accountSid,
  TWILIO_AUTH_TOKEN: authToken,
  ...(apiUrl === null ? {} : { TWILIO_API_URL: apiUrl }),
});
