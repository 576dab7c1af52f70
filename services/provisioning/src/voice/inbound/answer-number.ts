import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import { maskNumber, readNumber, type Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { CallFacts } from '../../rail-calls/call-facts.js';
import { VoiceDirectory } from '../directory/voice-directory.js';
import type { VoiceTenant } from '../directory/voice-tenant.js';
import { CallNotes, NOBODY, party, type BareFact } from '../flow/call-facts-of.js';
import { VoiceFlow } from '../flow/voice-flow.js';
import { TwimlDocument } from '../twiml/twiml-document.js';
import { environmentOf, parameter, type Webhook } from '../webhooks/webhook.js';
import type { Answer } from '../answer.js';

type Refusal = Pick<Extract<BareFact, { kind: 'refused' }>, 'reason' | 'detail' | 'cause'>;

/** A call to one of our numbers: begins the route that the number leads to. A number that is nobody's, or a suspended tenant's, is refused before it is answered. */
@Injectable()
export class AnswerNumber {
  constructor(
    private readonly directory: VoiceDirectory,
    private readonly flow: VoiceFlow,
    private readonly facts: CallFacts,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(webhook: Webhook, callSid: string): Promise<Answer> {
    const to = parameter(webhook, 'To') ?? '';
    const from = parameter(webhook, 'From') ?? '';
    const called = readNumber(to)?.e164 ?? to;
    const found = this.directory.numberOf(webhook, called);
    if (!found) {
      const environment = environmentOf(webhook);
      this.logger.warn({ environment, number: maskNumber(called) }, 'a call to a number that no tenant has was refused');
      return this.refuse({ callSid, environment, tenant: NOBODY }, from, called, {
        reason: 'unknown_number', cause: 1, detail: `No tenant of ${environment} has the number that Twilio calls us for. Declare it with a tenant, or take its voice URL away at Twilio.`,
      });
    }
    const { tenant } = found;
    const owner = { callSid, environment: tenant.environment, tenant: tenant.tenant };
    if (tenant.suspended) return this.refuse(owner, from, called, { reason: 'tenant_suspended', cause: 21, detail: `The tenant ${tenant.tenant} is suspended: reinstate it to have its calls answered.` });
    const environment = this.directory.environment(tenant.environment);
    const route = this.directory.route(tenant.environment, tenant.tenant, found.route);
    if (!route || !environment) return this.refuse(owner, from, called, { reason: 'unknown_number', cause: 1, detail: `The number leads to the route ${found.route}, which the tenant ${tenant.tenant} does not have. Declare it.` });
    this.notes(owner).note({ kind: 'started', key: 'started', from: party(from), to: party(called), direction: 'inbound', route: { code: route.code, revision: route.revision } });
    return { document: await this.flow.begin({ callSid, from, to: called, tenant, route, environment }), outcome: 'served' };
  }

  private refuse(owner: { readonly callSid: string; readonly environment: string; readonly tenant: VoiceTenant['tenant'] }, from: string, to: string, refusal: Refusal): Answer {
    this.notes(owner).note({ kind: 'refused', key: 'refused', from: party(from), to: party(to), direction: 'inbound', ...refusal });
    return { document: new TwimlDocument().reject('rejected'), outcome: 'refused' };
  }

  private notes(owner: ConstructorParameters<typeof CallNotes>[1]): CallNotes {
    return new CallNotes(this.facts, owner, this.clock.date().toISOString());
  }
}
