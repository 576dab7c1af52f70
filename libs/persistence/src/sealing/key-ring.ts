import { createHash } from 'node:crypto';
import { PermanentError } from '@troncal/kernel';

/** A key that encrypts credentials. */
export interface CredentialKey {
  /** The first 12 hex digits of the key's SHA-256: names it in rows and messages without telling anything of it. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** The keys at hand. New secrets are sealed with `active`; every one opens what was sealed with it. */
export interface KeyRing {
  readonly active: CredentialKey;
  find(id: string): CredentialKey | undefined;
}

const remedy = 'Give one key of 32 bytes per line, as 64 hex digits or as base64, the one to seal with first: openssl rand -hex 32';

/**
 * Reads the text of a key file: a key of 32 bytes per line, in hex or base64, blank lines and `#` comments left out. The first one is
 * active. To change the key, put a new one above the old one and restart: rows are sealed anew, and then the old one can go.
 * @throws PermanentError `bad_credentials_key` that names the lines at fault and shows nothing of them
 */
export function parseKeyRing(text: string): KeyRing {
  const lines = text.split(/\r?\n/).map((line, index) => ({ content: line.trim(), number: index + 1 }));
  const given = lines.filter(({ content }) => content !== '' && !content.startsWith('#'));
  const keys = given.map(({ content, number }) => ({ number, key: parseKey(content) }));
  const bad = keys.filter(({ key }) => key === undefined).map(({ number }) => number);
  if (bad.length > 0) throw new PermanentError('bad_credentials_key', `No key of 32 bytes in line ${bad.join(', ')} of the credentials key file.`, { remedy });
  const known = keys.flatMap(({ key }) => key ?? []);
  const [active] = known;
  if (!active) throw new PermanentError('bad_credentials_key', 'The credentials key file holds no key.', { remedy });
  return { active, find: (id) => known.find((key) => key.id === id) };
}

function parseKey(text: string): CredentialKey | undefined {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  // Buffer.from skips what is no base64, so the text must come back out of the bytes.
  const whole = bytes.length === 32 && [bytes.toString('hex'), plain(bytes.toString('base64'))].includes(/^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : plain(text));
  return whole ? { id: createHash('sha256').update(bytes).digest('hex').slice(0, 12), bytes } : undefined;
}

/** Base64 and base64url alike, without padding. */
function plain(base64: string): string {
  return base64.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
}
