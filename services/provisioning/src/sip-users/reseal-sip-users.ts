import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import type { SealedSecret } from '@troncal/persistence';
import { inBatches, ResealOnStart } from '../credentials/reseal-on-start.js';
import type { SipUser } from './sip-user.js';
import { SipUserVault } from './sip-user-vault.js';
import { SipUserRepository } from './sip-users.repository.js';

/** Puts the passwords of SIP users under the active key: those in force, those on their way and those to go back to. */
@Injectable()
export class ResealSipUsers extends ResealOnStart<SipUser> {
  constructor(
    private readonly users: SipUserRepository,
    private readonly vault: SipUserVault,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super('passwords of SIP users', schema, logger);
  }

  protected sealedOtherwise(): AsyncIterable<SipUser> {
    return inBatches((limit, after) => this.users.sealedOtherwise(this.vault.activeKeyId, limit, after));
  }

  protected async reseal(user: SipUser): Promise<void> {
    const anew = (secret: SealedSecret | null): SealedSecret | null => (secret === null ? null : this.vault.seal(user, this.vault.open(user, secret)));
    await this.users.reseal(user, { password: anew(user.password), next: anew(user.next), last: anew(user.last) });
  }

  protected ownerOf({ environment, tenant, extension }: SipUser): string {
    return `${environment}/${tenant}/${extension}`;
  }
}
