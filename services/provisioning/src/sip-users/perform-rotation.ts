import { Injectable } from '@nestjs/common';
import { crashPoint } from '@troncal/config';
import { Database } from '@troncal/persistence';
import type { EndRun } from '../reconcile/end-run.js';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import type { Run, RunStep } from '../runs/run.js';
import { RunPublisher } from '../runs/runs.publisher.js';
import { TellRun } from '../runs/tell-run.js';
import { TenantAccounts } from '../subaccounts/tenant-accounts.js';
import { userKey } from '../twilio/account/step.js';
import type { TwilioAccount } from '../twilio/account/twilio-account.js';
import type { SipUser } from './sip-user.js';
import { userNotThere } from './sip-users.errors.js';
import { SipUserRepository } from './sip-users.repository.js';
import { SipUserVault } from './sip-user-vault.js';

/**
 * Puts a user's next password in force. It was written down before; Twilio is given it as often as it takes, and then it is the one. The phone falls out at its next
 * REGISTER, 600 s later at most, unless it was given the password first. The one before is kept, to go back to.
 */
@Injectable()
export class PerformRotation {
  constructor(
    private readonly db: Database,
    private readonly planner: PlanEnvironment,
    private readonly accounts: TenantAccounts,
    private readonly users: SipUserRepository,
    private readonly vault: SipUserVault,
    private readonly publisher: RunPublisher,
    private readonly tell: TellRun,
  ) {}

  async run(run: Run, ending: EndRun): Promise<void> {
    const [tenant = ''] = run.tenants;
    const user = await this.users.find({ environment: run.environment, tenant, extension: run.params['extension'] ?? '' });
    // Nothing is on its way any more: a process that died had done it.
    if (user === undefined || user.next === null) return ending.end(run, { state: 'whole', fault: null, waiting: [] });
    const step: RunStep = { key: userKey(user.list, user.username), tenant, says: `gives the SIP user ${user.username} its next password` };
    await this.tell.planned(run, [step]);
    const { account, domain } = await this.accounts.seat(await this.planner.environment(run.environment), tenant);
    await this.give(account, domain, user, this.vault.open(user, user.next));
    crashPoint('rotation.given');
    await this.db.transaction(async (tx) => {
      const now = await this.users.lock(tx, user);
      if (now !== undefined && now.next !== null) {
        const rotated: SipUser = { ...now, credentialRevision: now.credentialRevision + 1, password: now.next, next: null, last: now.password };
        await this.users.save(tx, rotated);
        await this.publisher.provisioned(tx, rotated, domain);
      }
      await this.tell.done(tx, run, step);
    });
    crashPoint('rotation.in-force');
    await ending.end(run, { state: 'whole', fault: null, waiting: [] });
  }

  private async give(account: TwilioAccount, domain: string, { list, username }: SipUser, password: string): Promise<void> {
    const observed = (await account.read(domain, { lists: new Set([list]) })).lists.find(({ name }) => name === list);
    const there = observed?.users.find((user) => user.username === username);
    if (observed === undefined || there === undefined) throw userNotThere(list, username);
    await account.setPassword(observed.sid, there.sid, password);
  }
}
