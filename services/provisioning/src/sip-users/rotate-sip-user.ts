import { Injectable } from '@nestjs/common';
import { newId } from '@troncal/kernel';
import { Database } from '@troncal/persistence';
import type { Run } from '../runs/run.js';
import { RunRepository } from '../runs/runs.repository.js';
import type { SipUser, SipUserKey } from './sip-user.js';
import { SipUserVault } from './sip-user-vault.js';
import { nothingBefore, nothingStaged, unknownSipUser } from './sip-users.errors.js';
import { SipUserRepository } from './sip-users.repository.js';
import { newTwilioPassword } from './twilio-password.js';

/** `stage`: written down and shown, for the phone to be given it first. `commit`: in force. `now`: both. `undo`: the one before is in force again. */
export type RotationStep = 'now' | 'stage' | 'commit' | 'undo';

export interface Rotation {
  readonly user: SipUser;
  /** Of the password that is on its way. */
  readonly password: string;
  /** What puts it in force; absent when it is only staged. */
  readonly run?: Run['run'];
}

/** Prepares another password for a phone, and begins the run that puts it in force. */
@Injectable()
export class RotateSipUser {
  constructor(
    private readonly db: Database,
    private readonly users: SipUserRepository,
    private readonly runs: RunRepository,
    private readonly vault: SipUserVault,
  ) {}

  /** @throws PermanentError `unknown_sip_user`, `nothing_staged`, `nothing_before`, `run_under_way` */
  async run(key: SipUserKey, step: RotationStep): Promise<Rotation> {
    return this.db.transaction(async (tx) => {
      const current = await this.users.lock(tx, key);
      if (current === undefined) throw unknownSipUser(key);
      const user = { ...current, next: this.nextOf(current, step) };
      await this.users.save(tx, user);
      const password = this.vault.open(user, user.next);
      if (step === 'stage') return { user, password };
      const run = newId();
      await this.runs.start(tx, { run, environment: key.environment, kind: 'rotate', tenants: [key.tenant], params: { extension: key.extension } });
      return { user, password, run };
    });
  }

  private nextOf(user: SipUser, step: RotationStep): NonNullable<SipUser['next']> {
    switch (step) {
      case 'now':
      case 'stage':
        // Asked for again, it is the one that the phone may have been given already.
        return user.next ?? this.vault.seal(user, newTwilioPassword());
      case 'commit':
        if (user.next === null) throw nothingStaged(user);
        return user.next;
      case 'undo':
        if (user.last === null) throw nothingBefore(user);
        return user.last;
    }
  }
}
