import { secret } from '@troncal/config';
import { baseEnv } from '@troncal/chassis';
import { parseKeyRing } from '@troncal/persistence';
import { z } from 'zod';

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
});
export type ProvisioningConfig = z.output<typeof provisioningEnv>;

function isKeyRing(text: string): boolean {
  try {
    parseKeyRing(text);
    return true;
  } catch {
    return false;
  }
}
