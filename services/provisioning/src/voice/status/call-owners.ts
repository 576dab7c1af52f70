import { Injectable } from '@nestjs/common';
import { VoiceDirectory } from '../directory/voice-directory.js';
import { NOBODY } from '../flow/call-facts-of.js';
import { readTicket } from '../flow/flow-ticket.js';
import { readDialTicket } from '../phone/dial-ticket.js';
import { decoded, readSipUri } from '../twiml/sip-uri.js';
import { environmentOf, parameter, type Webhook } from '../webhooks/webhook.js';

/** Tells whose a call is by what Twilio says of it. */
@Injectable()
export class CallOwners {
  constructor(private readonly directory: VoiceDirectory) {}

  /**
   * Of a phone's call by whom Twilio has authenticated (or, where it doesn't say, by who it says called), else by the number that was called.
   * @param query of one of our own addresses that it is about: what rides in it says whose call it is
   */
  of(webhook: Pick<Webhook, 'signers' | 'parameters'>, query?: URLSearchParams): { readonly environment: string; readonly tenant: string } {
    const told = query === undefined ? undefined : toldBy(query);
    if (told && this.directory.signed(webhook, told)) return told;
    const from = readSipUri(parameter(webhook, 'From') ?? '');
    const username = decoded(parameter(webhook, 'SipUsername') ?? '') || from?.user;
    const phone = username === undefined ? undefined : this.directory.phone(parameter(webhook, 'SipDomain') ?? from?.host ?? '', username);
    const called = parameter(webhook, 'To') ?? '';
    const tenant = phone && this.directory.signed(webhook, phone.tenant) ? phone.tenant : this.directory.numberOf(webhook, called)?.tenant;
    return tenant ? { environment: tenant.environment, tenant: tenant.tenant } : { environment: environmentOf(webhook), tenant: NOBODY };
  }
}

function toldBy(query: URLSearchParams): { readonly environment: string; readonly tenant: string } | undefined {
  const ticket = readTicket(query.get('s') ?? '');
  const found = ticket ? { environment: ticket.environment, tenant: ticket.guest?.tenant ?? ticket.tenant } : readDialTicket(query.get('d') ?? '');
  return found && { environment: found.environment, tenant: found.tenant };
}
