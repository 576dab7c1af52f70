import { flag, secret, url, wholeNumber } from '@troncal/config';
import { baseEnv } from '@troncal/chassis';
import { parseKeyRing } from '@troncal/persistence';
import { z } from 'zod';
import { devicesEnv } from './devices/devices-env.js';
import { voiceEnv } from './voice/voice-env.js';
import type { AccountSettings } from './twilio/accounts.js';
import { spendEnv } from './spend/spend-env.js';

/** The settings of provisioning. */
export const provisioningEnv = baseEnv.extend({
  /** Keys that seal SIP passwords, as {@link parseKeyRing} reads them: usually given as a file, CREDENTIALS_KEY_FILE. */
  CREDENTIALS_KEY: secret()
    .refine(isKeyRing)
    .describe('a key of 32 bytes per line, in hex or base64 (openssl rand -hex 32)'),
  /** What phones and Asterisk call the protection space of their digests; a change makes every phone's digest wrong until it is asked for again. */
  SIP_REALM: z
    .string()
    .regex(/^[\w.-]{1,80}$/)
    .describe('a word of letters, digits, dots and dashes')
    .default('troncal'),
  ...voiceEnv,
  /** The account that tenants are brought to; without it nothing can be planned or applied. */
  TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-f]{32}$/).describe('AC and 32 hexadecimal digits').optional(),
  TWILIO_AUTH_TOKEN: secret().optional(),
  /** While the token is being replaced: the other one of the two, whose signatures count as well. */
  TWILIO_SECONDARY_AUTH_TOKEN: secret().optional(),
  /** How often every environment is held against its account. */
  DRIFT_CHECK_SECONDS: wholeNumber(1, 86_400).default(900),
  /** How often it is looked at what numbers wait for: bundles under review, ports. */
  WAITING_CHECK_SECONDS: wholeNumber(1, 86_400).default(300),
  /** Of a simulator, in Twilio’s place. */
  TWILIO_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Requests at once with which an account is begun with, and the most that it is led up to: Twilio publishes no limit, and each replica keeps to its own. */
  TWILIO_CONCURRENCY_START: wholeNumber(1, 1_000).default(10),
  TWILIO_CONCURRENCY_MOST: wholeNumber(1, 1_000).default(100),
  ...spendEnv,
  ...devicesEnv,
  /** What happened in calls on Twilio's rail and waits for the database. On a disk of this machine, of this replica alone. Without it that waits in memory. */
  JOURNAL_DIR: z.string().min(1).describe('the path of a folder').optional(),
  /** Where the world reaches us, for links that are sent to people; without it links are paths. */
  PUBLIC_URL: url(['https', 'http']).optional(),
  /** The host name under which phones reach our Asterisk; without it there are no device sheets for it. */
  SIP_PUBLIC_HOST: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/)
    .describe('a host name')
    .optional(),
  /** A receiver of webhooks has so long to answer. */
  WEBHOOK_TIMEOUT_SECONDS: wholeNumber(1, 60).default(20),
  /** The waits between the tries of a webhook, as Standard Webhooks advises: ten tries in three days and three hours. */
  WEBHOOK_RETRY_SECONDS: z
    .string()
    .regex(/^\d{1,6}(,\d{1,6}){0,30}$/)
    .describe('whole numbers of seconds with commas between them')
    .default('5,300,1800,7200,18000,36000,50400,72000,86400')
    .transform((text) => text.split(',').map(Number)),
  /** For a lab: webhooks may go to private addresses and by plain http. */
  WEBHOOK_ALLOW_PRIVATE: flag().default(false),
});
export type ProvisioningConfig = z.output<typeof provisioningEnv>;

/** How the account is reached; undefined when none is set. */
export function accountSettings({ TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: authToken, TWILIO_SECONDARY_AUTH_TOKEN: other, TWILIO_API_URL: apiUrl, ...rest }: ProvisioningConfig): AccountSettings | undefined {
  const { TWILIO_CONCURRENCY_START: start, TWILIO_CONCURRENCY_MOST: most } = rest;
  const atOnce = { start: Math.min(start, most), most };
  return sid === undefined || authToken === undefined ? undefined : { sid, authToken, otherTokens: other === undefined ? [] : [other], apiUrl, atOnce };
}

function isKeyRing(text: string): boolean {
  try {
    parseKeyRing(text);
    return true;
  } catch {
    return false;
  }
}
