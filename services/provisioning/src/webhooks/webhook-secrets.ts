import type { KeyRing, SealedSecret, SecretOwner } from '@troncal/persistence';
import { SecretVault } from '@troncal/persistence';

/** Seals and opens the secrets of webhooks; see SecretVault. */
export class WebhookSecrets {
  private readonly vault: SecretVault;

  constructor(keys: KeyRing) {
    this.vault = new SecretVault(keys);
  }

  get activeKeyId(): string {
    return this.vault.activeKeyId;
  }

  seal(tenant: string, webhook: string, secret: string): SealedSecret {
    return this.vault.seal(owner(tenant, webhook), secret);
  }

  /** @throws PermanentError `credential_key_missing` or `credential_damaged` */
  open(tenant: string, webhook: string, secret: SealedSecret): string {
    return this.vault.open(owner(tenant, webhook), secret, `The secret of the webhook ${webhook}`, `troncal webhooks rotate ${webhook} --tenant ${tenant}`);
  }
}

const owner = (tenant: string, webhook: string): SecretOwner => ['webhook-secret', tenant, webhook];
