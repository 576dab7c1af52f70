import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { errorText, withDeadline } from '@troncal/kernel';
import { OutboundDesk, type OutboundDecision, type OutboundRequest, type OutboundTarget } from '../../outbound/outbound-desk.js';
import type { Answer } from '../answer.js';
import { callIdOf } from '../call-id.js';
import { VoiceDirectory } from '../directory/voice-directory.js';
import type { VoiceTenant } from '../directory/voice-tenant.js';
import { NOBODY, party, type BareFact } from '../flow/call-facts-of.js';
import { decoded, readSipUri } from '../twiml/sip-uri.js';
import { TwimlDocument } from '../twiml/twiml-document.js';
import { environmentOf, parameter, type Webhook } from '../webhooks/webhook.js';
import { OutboundLegs, type OutboundCall } from './outbound-legs.js';

/** The desk answers within 2 s; a caller hears nothing meanwhile. */
const DESK_MS = 4_000;

/**
 * A call from a phone: the dial tone. Who calls is the SIP user that Twilio has authenticated, in the domain where it did, and never what the phone says of
 * itself in From; who is not declared gets no further. Whom it may call is the desk's to say.
 */
@Injectable()
export class AnswerPhone {
  constructor(
    private readonly directory: VoiceDirectory,
    private readonly desk: OutboundDesk,
    private readonly legs: OutboundLegs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(webhook: Webhook, callSid: string): Promise<Answer> {
    const username = decoded(parameter(webhook, 'SipUsername') ?? '') ?? '';
    const domain = parameter(webhook, 'SipDomain') ?? '';
    const dialled = readSipUri(parameter(webhook, 'To') ?? '')?.user ?? '';
    const phone = this.directory.phone(domain, username);
    const environment = phone && this.directory.signed(webhook, phone.tenant);
    if (!phone || !environment || !phone.endpoint.enabled) {
      const known = phone && environment ? { environment: environment.name, tenant: phone.tenant.tenant } : { environment: environmentOf(webhook), tenant: NOBODY };
      this.logger.warn({ ...known, domain, username }, 'a call from a phone that is not declared, or switched off, was refused');
      this.legs.notes({ ...known, call: callSid }).note({
        kind: 'refused', key: 'refused', from: party(username), to: party(dialled), direction: 'outbound', reason: 'not_allowed', cause: 21, denial: phone && environment ? 'endpoint_disabled' : 'unknown_phone',
        detail: 'The SIP user that called is no phone of any tenant, or is switched off. Declare it, or take its credential away at Twilio.',
      });
      return { document: new TwimlDocument().reject('rejected'), outcome: 'refused' };
    }
    const { tenant, endpoint } = phone;
    const ticket: OutboundCall['ticket'] = { environment: environment.name, tenant: tenant.tenant, call: callSid, by: endpoint.extension, way: 'out' };
    const call: OutboundCall = { environment, tenant, ticket, from: parameter(webhook, 'From') ?? '', heardBy: callSid, answered: false };
    const decision = await this.decide({ key: callSid, callId: callIdOf(callSid), tenant, from: endpoint.extension, dialled, ours: (e164) => this.ours(tenant, e164) });
    if (!decision.allowed) return { document: this.legs.refuse(call, decision, dialled), outcome: 'refused' };
    this.legs.notes(ticket).note(started(decision.target, endpoint.extension, dialled));
    return this.legs.dial(call, decision);
  }

  /** Asks the desk; one that does not answer in time has said no. */
  async decide(request: OutboundRequest): Promise<OutboundDecision> {
    try {
      return await withDeadline(this.desk.decide(request), DESK_MS, 'the outbound desk’s decision');
    } catch (error) {
      this.logger.error({ err: error, tenant: request.tenant.tenant }, 'the outbound desk has not decided; the call is refused');
      return {
        allowed: false, decisionId: '', reason: 'undecided', detail: `The call could not be decided on: ${errorText(error)}`, remedy: 'Look at the health of provisioning’s database.', cause: 41,
        spoken: { say: { es: 'No podemos autorizar su llamada en este momento. Por favor, intente nuevamente más tarde.', en: 'Your call cannot be authorised right now. Please try again later.' } },
      };
    }
  }

  /** A number whose phones the caller's account reaches: Twilio dials phones of the same account and of its parent only (32214). The others are called like numbers outside. */
  ours({ environment, tenant }: VoiceTenant, e164: string): ReturnType<OutboundRequest['ours']> {
    const found = this.directory.number(environment, e164);
    if (found?.tenant.ownAccount === true && found.tenant.tenant !== tenant) return undefined;
    return found && { environment, tenant: found.tenant.tenant, route: found.route };
  }
}

function started(target: OutboundTarget, extension: string, dialled: string): Extract<BareFact, { kind: 'started' }> {
  const outside = target.kind === 'number' || target.kind === 'emergency';
  return { kind: 'started', key: 'started', from: party(extension), to: party(outside || target.kind === 'our-number' ? target.to : dialled), direction: outside ? 'outbound' : 'internal' };
}
