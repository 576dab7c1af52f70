import { Injectable } from '@nestjs/common';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { StartRun } from '../runs/start-run.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';
import { notConfirmed, numbersLeft, subaccountInUse, unknownSubaccount } from './subaccounts.errors.js';
import { SubaccountRepository } from './subaccounts.repository.js';

/**
 * Begins to close a subaccount, for ever: only one whose tenant is gone, whose numbers were all released or moved (each after its hold, and named a second time), and that is itself
 * named a second time. @throws PermanentError `unknown_subaccount`, `subaccount_in_use`, `subaccount_not_empty`, `not_confirmed`, `run_under_way`
 */
@Injectable()
export class CloseSubaccount {
  constructor(
    private readonly subaccounts: SubaccountRepository,
    private readonly declarations: DeclarationRepository,
    private readonly numbers: TwilioNumberRepository,
    private readonly start: StartRun,
  ) {}

  /** @returns the run */
  async run(environment: string, tenant: string, confirm: string): Promise<string> {
    return this.start.run(
      environment,
      'release',
      async (tx) => {
        const subaccount = await this.subaccounts.lock(tx, { environment, tenant });
        if (subaccount === undefined) throw unknownSubaccount(environment, tenant);
        if ((await this.declarations.lock(tx, environment, [tenant])).has(tenant)) throw subaccountInUse(subaccount);
        const left = (await this.numbers.list(environment, [tenant], tx)).flatMap(({ e164, releasableAt }) => (e164 === null ? [] : [releasableAt === null ? e164 : `${e164} (held until ${releasableAt.toISOString().slice(0, 10)})`]));
        if (left.length > 0) throw numbersLeft(subaccount, left);
        if (confirm !== subaccount.name) throw notConfirmed(subaccount);
        return [tenant];
      },
      { subaccount: tenant },
    );
  }
}
