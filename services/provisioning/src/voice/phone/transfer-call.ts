import { Injectable } from '@nestjs/common';
import type { OutboundTarget } from '../../outbound/outbound-desk.js';
import type { Answer } from '../answer.js';
import { callIdOf } from '../call-id.js';
import { VoiceDirectory } from '../directory/voice-directory.js';
import type { BareFact } from '../flow/call-facts-of.js';
import { PHRASES } from '../twiml/phrases.js';
import { readSipUri } from '../twiml/sip-uri.js';
import { TwimlDocument } from '../twiml/twiml-document.js';
import { parameter, type Webhook } from '../webhooks/webhook.js';
import { AnswerPhone } from './answer-phone.js';
import type { DialTicket } from './dial-ticket.js';
import { OutboundLegs, questionOf, type OutboundCall } from './outbound-legs.js';

/**
 * A phone sends the other side of its call elsewhere (REFER): to a phone, a route or a number, as far as the desk allows it to that phone. Where that may not
 * be, or nobody answers, the call comes back to the phone.
 */
@Injectable()
export class TransferCall {
  constructor(
    private readonly directory: VoiceDirectory,
    private readonly phones: AnswerPhone,
    private readonly legs: OutboundLegs,
  ) {}

  async run(webhook: Webhook, heardBy: string, ticket: DialTicket): Promise<Answer | undefined> {
    const environment = this.directory.signed(webhook, ticket);
    const tenant = environment && this.directory.tenant(environment.name, ticket.tenant);
    if (!environment || !tenant) return undefined;
    const call: OutboundCall = { environment, tenant, ticket: { ...ticket, way: 'transfer' }, from: parameter(webhook, 'From') ?? '', heardBy, answered: true };
    const dialled = readSipUri(parameter(webhook, 'ReferTransferTarget') ?? '')?.user ?? '';
    const key = questionOf(ticket.call, webhook.signature);
    const decision = await this.phones.decide({ key, callId: callIdOf(ticket.call), tenant, from: ticket.by ?? null, dialled, ours: (e164) => this.phones.ours(tenant, e164) });
    if (!decision.allowed) {
      const said = this.legs.say(new TwimlDocument(), decision.spoken, tenant);
      return { document: this.legs.comeBack(call, said) ?? said.hangup(), outcome: 'refused' };
    }
    this.legs.notes(ticket).note(transferred(decision.target, key));
    const answer = await this.legs.dial(call, decision);
    if (answer.outcome === 'served') return answer;
    const said = this.legs.say(new TwimlDocument(), PHRASES.noTransfer, tenant);
    return { document: this.legs.comeBack(call, said) ?? said.hangup(), outcome: 'refused' };
  }
}

function transferred(target: OutboundTarget, key: string): BareFact {
  const to = target.kind === 'endpoint' ? 'endpoint' : target.kind === 'number' || target.kind === 'emergency' || target.kind === 'our-number' ? 'number' : 'route';
  return { kind: 'transferred', key: `transferred:${key.slice(-16)}`, to, target: to === 'route' && 'route' in target ? target.route : target.to, requestedBy: 'agent', mode: 'cold' };
}
