import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import type { StateLayout } from './state-layout.js';
import { readJsonFile, writePrivateFile } from './private-file.js';

/** Secrets by name; made at their first use and never changed. */
export interface Secrets {
  /** Letters and digits only, so that it needs no quoting in addresses and configuration files. */
  of(name: string): string;
}

/** Opens the clone's secrets, making those that aren't there yet in files that only the owner can read. */
export function openSecrets(layout: StateLayout): Secrets {
  const stored = readJsonFile(layout.secretsFile);
  const known = new Map(Object.entries((stored ?? {}) as Record<string, string>));
  if (stored === null && fs.existsSync(layout.secretsFile)) {
    throw new Error(`${layout.secretsFile} is damaged. Restore it, or run npm run reset: without it the database and SIP passwords can't be read.`);
  }
  const of = (name: string): string => {
    const present = known.get(name);
    if (present !== undefined) return present;
    const fresh = randomText();
    known.set(name, fresh);
    writePrivateFile(layout.secretsFile, JSON.stringify(Object.fromEntries(known), null, 2));
    return fresh;
  };
  makeAdminKey(layout);
  if (!fs.existsSync(layout.credentialsKeyFile)) writePrivateFile(layout.credentialsKeyFile, `${randomBytes(32).toString('hex')}\n`);
  return { of };
}

/** One administrator's API key: itself in one file for its owner, its hash in the file that services read. */
function makeAdminKey({ adminKeyFile, apiKeysFile }: StateLayout): void {
  if (fs.existsSync(adminKeyFile) && fs.existsSync(apiKeysFile)) return;
  const key = `trk_${randomText()}`;
  const sha256 = createHash('sha256').update(key).digest('hex');
  writePrivateFile(apiKeysFile, `${JSON.stringify({ keys: [{ id: 'admin', sha256, tenant: '*', scopes: ['*'] }] }, null, 2)}\n`);
  writePrivateFile(adminKeyFile, `${key}\n`);
}

/** 190 bits. */
function randomText(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';
  // 57 of 256 values four times each: the bytes above are drawn again, so that every letter is equally likely.
  let text = '';
  while (text.length < 32) {
    for (const byte of randomBytes(48)) if (byte < 228 && text.length < 32) text += alphabet[byte % 57] ?? '';
  }
  return text;
}
