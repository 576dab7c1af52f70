import { Injectable } from '@nestjs/common';
import type { Answer } from '../answer.js';
import { VoiceDirectory } from '../directory/voice-directory.js';
import { dialOutcome, statusIn } from '../flow/dial-outcome.js';
import { noteDial } from '../flow/note-dial.js';
import { PHRASES } from '../twiml/phrases.js';
import { TwimlDocument } from '../twiml/twiml-document.js';
import { countIn, parameter, type Webhook } from '../webhooks/webhook.js';
import type { DialTicket } from './dial-ticket.js';
import { OutboundLegs, type OutboundCall } from './outbound-legs.js';
import { Settlements } from './settlements.js';

/** A leg that no flow has dialled has ended: it is settled, and who could not be reached is told of; a transfer comes back to whoever made it. */
@Injectable()
export class LegEnded {
  constructor(
    private readonly directory: VoiceDirectory,
    private readonly legs: OutboundLegs,
    private readonly settlements: Settlements,
  ) {}

  run(webhook: Webhook, heardBy: string, ticket: DialTicket): Answer | undefined {
    const environment = this.directory.signed(webhook, ticket);
    const tenant = environment && this.directory.tenant(environment.name, ticket.tenant);
    if (!environment || !tenant) return undefined;
    const notes = this.legs.notes(ticket);
    noteDial(notes, webhook);
    const outcome = dialOutcome(webhook);
    if (ticket.reservation !== undefined) this.settlements.settle({ reservationId: ticket.reservation, billedS: outcome === 'talked' ? (countIn(webhook, 'DialCallDuration') ?? 0) : 0 });
    if (outcome !== 'not_reached') return { document: new TwimlDocument().hangup(), outcome: 'served' };
    const call: OutboundCall = { environment, tenant, ticket, from: parameter(webhook, 'From') ?? '', heardBy, answered: ticket.way !== 'out' };
    if (ticket.way === 'transfer') {
      const back = this.legs.comeBack(call);
      if (back) return { document: back, outcome: 'served' };
    }
    notes.note({ kind: 'hangup', key: 'hangup', by: 'system', cause: CAUSES[statusIn(webhook, 'DialCallStatus') ?? ''] ?? 41 });
    const prompt = statusIn(webhook, 'DialCallStatus') === 'no-answer' ? PHRASES.noAnswer : PHRASES.unreachable;
    // Busy is told by the phone itself, as it knows it: the call was never answered.
    if (ticket.way === 'out' && statusIn(webhook, 'DialCallStatus') === 'busy') return { document: new TwimlDocument().reject('busy'), outcome: 'served' };
    return { document: this.legs.say(new TwimlDocument(), prompt, tenant).hangup(), outcome: 'served' };
  }
}

/** Q.850 of a leg's end. */
const CAUSES: Readonly<Record<string, number>> = { busy: 17, 'no-answer': 19, failed: 41 };
