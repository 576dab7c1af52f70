import { PermanentError } from '@troncal/kernel';
import { SecretVault, type KeyRing, type SealedSecret } from '@troncal/persistence';
import type { SipUser, SipUserKey } from './sip-user.js';

/** Seals and opens the passwords of Twilio's SIP users; see SecretVault. */
export class SipUserVault {
  private readonly vault: SecretVault;

  constructor(keys: KeyRing) {
    this.vault = new SecretVault(keys);
  }

  /** The key that new passwords are sealed with. */
  get activeKeyId(): string {
    return this.vault.activeKeyId;
  }

  seal({ environment, tenant, extension }: SipUserKey, password: string): SealedSecret {
    return this.vault.seal(['twilio-password', environment, tenant, extension], password);
  }

  /** @throws PermanentError `credential_key_missing`, `credential_damaged` */
  open({ environment, tenant, extension }: SipUserKey, sealed: SealedSecret): string {
    return this.vault.open(['twilio-password', environment, tenant, extension], sealed, `The Twilio password of ${tenant}/${extension} in ${environment}`, `troncal credentials rotate ${extension} --tenant ${tenant} --env ${environment}`);
  }

  /** The password in force. @throws PermanentError also `password_unknown` */
  passwordOf(user: SipUser): string {
    if (user.password === null) throw passwordUnknown(user);
    return this.open(user, user.password);
  }
}

const passwordUnknown = ({ environment, tenant, extension, username }: SipUser): PermanentError =>
  new PermanentError('password_unknown', `${username} was taken over with a password that only its phone knows.`, { status: 409, remedy: `Give it a new one: troncal credentials rotate ${extension} --tenant ${tenant} --env ${environment}` });
