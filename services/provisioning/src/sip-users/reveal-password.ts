import { Injectable } from '@nestjs/common';
import { CredentialRevealedV1 } from '@troncal/contracts';
import { Database, Outbox } from '@troncal/persistence';
import type { SipUser, SipUserKey } from './sip-user.js';
import { SipUserVault } from './sip-user-vault.js';
import { unknownSipUser } from './sip-users.errors.js';
import { SipUserRepository } from './sip-users.repository.js';

/** Shows the password of a phone, and tells who saw it: not the one without the other. @throws PermanentError `unknown_sip_user`, `password_unknown` */
@Injectable()
export class RevealPassword {
  constructor(
    private readonly db: Database,
    private readonly users: SipUserRepository,
    private readonly vault: SipUserVault,
    private readonly outbox: Outbox,
  ) {}

  async run(key: SipUserKey, by: string): Promise<{ readonly user: SipUser; readonly password: string }> {
    return this.db.transaction(async (tx) => {
      const user = await this.users.lock(tx, key);
      if (user === undefined) throw unknownSipUser(key);
      const password = this.vault.passwordOf(user);
      const { environment, tenant, extension, username } = user;
      await this.outbox.emit(tx, CredentialRevealedV1, { tenant, subject: `${environment}/${extension}`, data: { environment, extension, username, by } });
      return { user, password };
    });
  }
}
