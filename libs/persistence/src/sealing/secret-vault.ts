import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PermanentError } from '@troncal/kernel';
import type { CredentialKey, KeyRing } from './key-ring.js';

/** A secret as it stands in the database. */
export interface SealedSecret {
  /** Which key opens it. */
  readonly keyId: string;
  /** 12 bytes of nonce, the ciphertext, 16 bytes of tag. */
  readonly sealed: Buffer;
}

/** What a secret is for and whose it is: bound into the seal, so that a row copied to another owner does not open. */
export type SecretOwner = readonly [purpose: string, ...owner: string[]];

const NONCE = 12;
const TAG = 16;

/** Seals and opens secrets: AES-256-GCM (NIST SP 800-38D) with a random nonce each time and the owner as associated data. */
export class SecretVault {
  constructor(private readonly keys: KeyRing) {}

  /** The key that new secrets are sealed with. */
  get activeKeyId(): string {
    return this.keys.active.id;
  }

  seal(owner: SecretOwner, secret: string): SealedSecret {
    const { id, bytes } = this.keys.active;
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', bytes, nonce, { authTagLength: TAG }).setAAD(associated(owner));
    const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return { keyId: id, sealed: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
  }

  /**
   * @param what names the secret in an error: `The credential of demo/202`
   * @param renew how to put a new one in its place
   * @throws PermanentError `credential_key_missing` or `credential_damaged`
   */
  open(owner: SecretOwner, secret: SealedSecret, what: string, renew: string): string {
    const key = this.keys.find(secret.keyId);
    if (!key) {
      throw new PermanentError('credential_key_missing', `${what} is sealed with the key ${secret.keyId}, which is not in the key file.`, {
        status: 500,
        remedy: `Put that key back into CREDENTIALS_KEY_FILE, or rotate: ${renew}`,
      });
    }
    try {
      return decrypt(key, owner, secret.sealed);
    } catch (cause) {
      throw new PermanentError('credential_damaged', `${what} does not open with its key ${key.id}.`, { cause, status: 500, remedy: `Rotate it: ${renew}` });
    }
  }
}

function decrypt(key: CredentialKey, owner: SecretOwner, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, sealed.subarray(0, NONCE), { authTagLength: TAG }).setAAD(associated(owner)).setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
}

const associated = (owner: SecretOwner): Buffer => Buffer.from(JSON.stringify(owner));
