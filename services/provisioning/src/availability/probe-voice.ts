import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import { Metrics, type Counter, type Logger } from '@troncal/observability';
import type { Environment } from '../environments/environment.js';
import type { Subaccount } from '../subaccounts/subaccount.js';
import { SubaccountRepository } from '../subaccounts/subaccounts.repository.js';
import { AskVoiceUrl } from '../verify/ask-voice-url.js';
import { AvailabilityRepository } from './availability.repository.js';

/** Asks an environment's voice URLs through its public address as Twilio would, and counts the answers. What can't be asked (nobody's name, no account) is no observation. */
@Injectable()
export class ProbeVoice {
  private readonly probes: Counter<'outcome'>;

  constructor(
    private readonly askVoiceUrl: AskVoiceUrl,
    private readonly availability: AvailabilityRepository,
    private readonly subaccounts: SubaccountRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.probes = metrics.counter('troncal_voice_probes_total');
  }

  /** As the platform's account, or as one of its tenants' own: each minute another, so that more of them take no more requests. */
  async run(environment: Environment): Promise<void> {
    const asked = (await this.askVoiceUrl.run(environment, await this.whoAsks(environment))).filter(({ outcome }) => outcome !== 'not-asked');
    if (asked.length === 0) return;
    const failed = asked.filter(({ outcome }) => outcome === 'failed');
    await this.availability.addProbes(environment.name, this.clock.date(), asked.length - failed.length, failed.length);
    for (const { outcome } of asked) this.probes.inc({ outcome });
    for (const { url, says } of failed) this.logger.warn({ environment: environment.name, url, says }, 'a voice URL does not answer through the public address');
  }

  private async whoAsks({ name }: Environment): Promise<Subaccount | null> {
    const askers = [null, ...(await this.subaccounts.list(name)).filter(({ opened }) => opened !== null)];
    return askers[Math.floor(this.clock.now() / 60_000) % askers.length] ?? null;
  }
}
