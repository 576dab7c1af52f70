import { SecretVault, type KeyRing, type SealedSecret, type SecretOwner } from '@troncal/persistence';
import { z } from 'zod';

/** What is secret of an account at GDMS. */
export interface GdmsSecrets {
  readonly secretKey: string;
  readonly passwordDigest: string;
}

const secretsSchema = z.object({ secretKey: z.string(), passwordDigest: z.string() });

/** Seals and opens what lets us in at GDMS; see SecretVault. */
export class GdmsAccountVault {
  private readonly vault: SecretVault;

  constructor(keys: KeyRing) {
    this.vault = new SecretVault(keys);
  }

  get activeKeyId(): string {
    return this.vault.activeKeyId;
  }

  seal(environment: string, { secretKey, passwordDigest }: GdmsSecrets): SealedSecret {
    return this.vault.seal(owner(environment), JSON.stringify({ secretKey, passwordDigest }));
  }

  /** @throws PermanentError `credential_key_missing` or `credential_damaged` */
  open(environment: string, sealed: SealedSecret): GdmsSecrets {
    return secretsSchema.parse(JSON.parse(this.vault.open(owner(environment), sealed, `What lets us in at GDMS for ${environment}`, `troncal devices connect --env ${environment}`)));
  }
}

const owner = (environment: string): SecretOwner => ['gdms-account', environment];
