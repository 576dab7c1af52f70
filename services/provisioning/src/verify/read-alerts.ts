import { Injectable } from '@nestjs/common';
import { RailAccounts } from '../rail-calls/rail-accounts.js';
import type { Environment } from '../environments/environment.js';
import type { AccountShare } from '../reconcile/account-share.js';
import { CallOwners } from '../voice/status/call-owners.js';
import { NOBODY } from '../voice/flow/call-facts-of.js';
import { addressOf } from '../voice/voice-urls.js';
import { CALL_SID } from '../voice/webhooks/webhook.js';
import { alertMessage, decodedAlert } from './alert-text.js';
import { CallSigns } from './call-signs.repository.js';
import { mentions } from './judge-tenant.js';
import type { Alert } from './tenant-health.js';

/** The newest so many are looked at. */
const MOST = 2_000;
const DOMAIN_SID = /^SD[0-9a-f]{32}$/;

/**
 * The alerts of Twilio's debugger with whose they are: by the call they are about, by what rides in our own URL, by a SIP user or number that they name.
 * Those of other environments on the same account are left out as far as it is known. Source: twilio.com/docs/usage/monitor-alert.
 */
@Injectable()
export class ReadAlerts {
  constructor(
    private readonly accounts: RailAccounts,
    private readonly signs: CallSigns,
    private readonly owners: CallOwners,
  ) {}

  /** Of one account. @param tenants all of the environment that are in it, so that what names another one's isn't nobody's */
  async run(environment: Environment, { subaccount, tenants }: Pick<AccountShare, 'subaccount' | 'tenants'>, domainSid: string | undefined, since: Date): Promise<Alert[]> {
    const client = await this.accounts.clientOf(environment.name, subaccount?.tenant ?? NOBODY);
    if (client === undefined) return [];
    const listed = await client.monitor.v1.alerts.list({ startDate: since, limit: MOST, pageSize: 1_000 });
    const calls = await this.signs.owners(listed.flatMap(({ resourceSid }) => (CALL_SID.test(resourceSid ?? '') ? [resourceSid] : [])));
    return listed.flatMap(({ errorCode, logLevel, dateGenerated, alertText, resourceSid, requestUrl }): Alert[] => {
      const call = calls.get(resourceSid);
      if (call !== undefined && call.environment !== environment.name) return [];
      if (DOMAIN_SID.test(resourceSid ?? '') && resourceSid !== domainSid) return [];
      const about = decodedAlert(alertText ?? '');
      const told = this.owners.of({ signers: [{ environment: environment.name, tenant: subaccount?.tenant ?? null }], parameters: new URLSearchParams() }, addressOf(requestUrl)?.query).tenant;
      const named = tenants.find(({ users, numbers }) => users.some(({ username }) => mentions(about, username)) || numbers.some(({ e164 }) => e164 !== null && mentions(about, e164)));
      return [{
        code: String(errorCode), level: /^warn/i.test(logLevel ?? '') ? 'warning' : 'error', at: dateGenerated, text: alertMessage(alertText ?? ''), about,
        tenant: [call?.tenant, told].find((tenant) => tenant !== undefined && tenant !== NOBODY) ?? named?.tenant,
      }];
    });
  }
}
