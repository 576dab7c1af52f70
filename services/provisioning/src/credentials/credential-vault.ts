import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PermanentError } from '@troncal/kernel';
import type { CredentialKey, KeyRing } from './key-ring.js';

/** A password as it stands in the database. */
export interface SealedCredential {
  /** Which key opens it. */
  readonly keyId: string;
  /** 12 bytes of nonce, the ciphertext, 16 bytes of tag. */
  readonly sealed: Buffer;
}

/** Whose password it is: bound into the seal, so that a row copied to another endpoint does not open. */
export interface CredentialOwner {
  readonly tenant: string;
  readonly extension: string;
}

const NONCE = 12;
const TAG = 16;

/** Seals and opens SIP passwords: AES-256-GCM (NIST SP 800-38D) with a random nonce each time and the owner as associated data. */
export class CredentialVault {
  constructor(private readonly keys: KeyRing) {}

  /** The key that new passwords are sealed with. */
  get activeKeyId(): string {
    return this.keys.active.id;
  }

  seal(owner: CredentialOwner, password: string): SealedCredential {
    const { id, bytes } = this.keys.active;
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', bytes, nonce, { authTagLength: TAG }).setAAD(associated(owner));
    const body = Buffer.concat([cipher.update(password, 'utf8'), cipher.final()]);
    return { keyId: id, sealed: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
  }

  /** @throws PermanentError `credential_key_missing` or `credential_damaged` */
  open(owner: CredentialOwner, credential: SealedCredential): string {
    const key = this.keys.find(credential.keyId) ?? missing(owner, credential.keyId);
    try {
      return decrypt(key, owner, credential.sealed);
    } catch (cause) {
      throw new PermanentError('credential_damaged', `The credential of ${owner.tenant}/${owner.extension} does not open with its key ${key.id}.`, {
        cause,
        status: 500,
        remedy: `Rotate it: POST /api/tenants/${owner.tenant}/endpoints/${owner.extension}/rotate`,
      });
    }
  }
}

function decrypt(key: CredentialKey, owner: CredentialOwner, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, sealed.subarray(0, NONCE), { authTagLength: TAG }).setAAD(associated(owner)).setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]).toString('utf8');
}

function associated(owner: CredentialOwner): Buffer {
  return Buffer.from(JSON.stringify(['sip-password', owner.tenant, owner.extension]));
}

function missing(owner: CredentialOwner, keyId: string): never {
  throw new PermanentError('credential_key_missing', `The credential of ${owner.tenant}/${owner.extension} is sealed with the key ${keyId}, which is not in the key file.`, {
    status: 500,
    remedy: `Put that key back into CREDENTIALS_KEY_FILE, or rotate: POST /api/tenants/${owner.tenant}/endpoints/${owner.extension}/rotate`,
  });
}
