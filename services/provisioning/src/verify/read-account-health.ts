import { Injectable } from '@nestjs/common';
import { twilioTerms } from '@troncal/device-sheets';
import type { Environment } from '../environments/environment.js';
import type { AccountShare } from '../reconcile/account-share.js';
import { desiredAccount } from '../reconcile/desired.js';
import { LookAtAccount } from '../reconcile/look-at-account.js';
import { VoiceDirectory } from '../voice/directory/voice-directory.js';
import { AskVoiceUrl } from './ask-voice-url.js';
import { CallSigns } from './call-signs.repository.js';
import { ReadAlerts } from './read-alerts.js';
import { ReadPhones } from './read-phones.js';
import type { Alert, TenantHealth } from './tenant-health.js';

const DAY_MS = 86_400_000;

/** What tells whether the telephones of an account's tenants work. */
export interface AccountHealth {
  readonly tenants: readonly TenantHealth[];
  /** Alerts of the account that aren't known to be of one tenant. */
  readonly strays: readonly Alert[];
}

/** Reads it: the account and its alerts at Twilio, what calls have shown, our own voice URLs as the account would ask them, the telephones' makers. */
@Injectable()
export class ReadAccountHealth {
  constructor(
    private readonly phones: ReadPhones,
    private readonly signs: CallSigns,
    private readonly alerts: ReadAlerts,
    private readonly voiceUrl: AskVoiceUrl,
    private readonly looks: LookAtAccount,
    private readonly directory: VoiceDirectory,
  ) {}

  /** @param codes of the tenants that are meant */
  async run(environment: Environment, share: AccountShare, codes: ReadonlySet<string>, now: Date): Promise<AccountHealth> {
    const { name } = environment;
    const since = new Date(now.getTime() - DAY_MS);
    const meant = share.tenants.filter(({ tenant }) => codes.has(tenant));
    const named = meant.map(({ tenant }) => tenant);
    const desired = desiredAccount(environment, share);
    const { observed } = await this.looks.run(environment, share, desired, { lists: new Set(meant.flatMap(({ users }) => users.map(({ list }) => list))) });
    const [alerts, good, failures, voiceUrls, phones] = await Promise.all([
      this.alerts.run(environment, share, observed.domain?.sid, since),
      this.signs.lastGoodCalls(name, named),
      this.signs.failures(name, named, since),
      this.voiceUrl.run(environment, share.subaccount),
      this.phones.run(name, meant),
    ]);
    const tenants = meant.map((facts): TenantHealth => {
      const { tenant, asFound } = facts;
      return {
        now, tenant, asFound, suspended: this.directory.tenant(name, tenant)?.suspended ?? false, desired, observed, voiceUrls,
        phones: phones.get(tenant) ?? [],
        numbers: facts.numbers.filter(({ state }) => state !== 'held').map(({ e164, wish, state, why, who }) => ({
          number: e164 ?? wish,
          waiting: state === 'waiting' ? { why: why ?? '', who: who ?? '' } : undefined,
          answeredFor: e164 === null ? undefined : this.directory.number(name, e164)?.tenant.tenant,
        })),
        codecs: twilioTerms().codecs,
        lastGoodCall: good.get(tenant),
        alerts: alerts.filter((alert) => alert.tenant === tenant),
        failures: failures.filter((failure) => failure.tenant === tenant),
        probes: [],
      };
    });
    return { tenants, strays: alerts.filter(({ tenant }) => tenant === undefined) };
  }
}
