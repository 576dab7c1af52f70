import { SecretVault, type KeyRing, type SealedSecret } from '@troncal/persistence';

/** Seals and opens the passwords with which Twilio's rail calls our Asterisk; see SecretVault. */
export class EdgeTrunkVault {
  private readonly vault: SecretVault;

  constructor(keys: KeyRing) {
    this.vault = new SecretVault(keys);
  }

  /** The key that new passwords are sealed with. */
  get activeKeyId(): string {
    return this.vault.activeKeyId;
  }

  seal(environment: string, password: string): SealedSecret {
    return this.vault.seal(['edge-trunk', environment], password);
  }

  /** @throws PermanentError `credential_key_missing`, `credential_damaged` */
  open(environment: string, sealed: SealedSecret): string {
    return this.vault.open(['edge-trunk', environment], sealed, `The password with which Twilio’s rail calls our Asterisk for "${environment}"`, `POST /api/environments/${environment}/edge/rotate`);
  }
}
