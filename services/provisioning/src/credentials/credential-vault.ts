import { SecretVault, type KeyRing, type SealedSecret, type SecretOwner } from '@troncal/persistence';

/** A password as it stands in the database. */
export type SealedCredential = SealedSecret;

/** Whose password it is. */
export interface CredentialOwner {
  readonly tenant: string;
  readonly extension: string;
}

/** Seals and opens SIP passwords; see SecretVault. */
export class CredentialVault {
  private readonly vault: SecretVault;

  constructor(keys: KeyRing) {
    this.vault = new SecretVault(keys);
  }

  /** The key that new passwords are sealed with. */
  get activeKeyId(): string {
    return this.vault.activeKeyId;
  }

  seal(owner: CredentialOwner, password: string): SealedCredential {
    return this.vault.seal(bound(owner), password);
  }

  /** @throws PermanentError `credential_key_missing` or `credential_damaged` */
  open(owner: CredentialOwner, credential: SealedCredential): string {
    const { tenant, extension } = owner;
    return this.vault.open(bound(owner), credential, `The credential of ${tenant}/${extension}`, `POST /api/tenants/${tenant}/endpoints/${extension}/rotate`);
  }
}

const bound = ({ tenant, extension }: CredentialOwner): SecretOwner => ['sip-password', tenant, extension];
