import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Prompt } from '@troncal/contracts';
import { CLOCK, CONFIG } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import type { OutboundDecision, OutboundTarget } from '../../outbound/outbound-desk.js';
import { CallFacts } from '../../rail-calls/call-facts.js';
import type { Answer } from '../answer.js';
import { VoiceDirectory } from '../directory/voice-directory.js';
import type { VoiceEnvironment, VoiceTenant } from '../directory/voice-tenant.js';
import { CallNotes, party, type BareFact } from '../flow/call-facts-of.js';
import { phoneTarget } from '../flow/edge-target.js';
import { legCallback, type LegFacts } from '../flow/leg-callback.js';
import { VoiceFlow, type FlowBeginning } from '../flow/voice-flow.js';
import { inLanguage } from '../twiml/phrases.js';
import { callerIdOf } from '../twiml/sip-uri.js';
import { TwimlDocument, type DialTarget } from '../twiml/twiml-document.js';
import { Voices } from '../twiml/voices.js';
import type { VoiceConfig } from '../voice-env.js';
import { urlOf, VOICE_PATHS } from '../voice-urls.js';
import { writeDialTicket, type DialTicket } from './dial-ticket.js';

/** Seconds that a phone or a number is rung. */
const RINGS_S = 45;
/** Seconds that whoever has sent a call elsewhere is rung when it comes back. */
const COMES_BACK_S = 30;

/** A call that dials somebody outside of any flow. */
export interface OutboundCall {
  readonly environment: VoiceEnvironment;
  readonly tenant: VoiceTenant;
  readonly ticket: Omit<DialTicket, 'reservation'>;
  /** Who is left in the call, as Twilio says it. */
  readonly from: string;
  /** The webhook's CallSid: the leg that hears the answer. */
  readonly heardBy: string;
  /** It is answered already. */
  readonly answered: boolean;
}

type Allowed = Extract<OutboundDecision, { readonly allowed: true }>;
type Denied = Extract<OutboundDecision, { readonly allowed: false }>;
type RefusalReason = Extract<BareFact, { kind: 'refused' }>['reason'];

/** Dials what the desk has allowed, and says why it has not. */
@Injectable()
export class OutboundLegs {
  private readonly voices: Voices;

  constructor(
    private readonly directory: VoiceDirectory,
    private readonly flow: VoiceFlow,
    private readonly facts: CallFacts,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: VoiceConfig,
  ) {
    this.voices = new Voices(config.VOICE_VOICES);
  }

  notes({ environment, tenant, call }: Pick<DialTicket, 'environment' | 'tenant' | 'call'>): CallNotes {
    return new CallNotes(this.facts, { callSid: call, environment, tenant }, this.clock.date().toISOString());
  }

  /** Says something in the tenant's language. */
  say(document: TwimlDocument, prompt: Prompt, tenant: VoiceTenant): TwimlDocument {
    const { text, language } = inLanguage(prompt, tenant.language);
    return document.say({ text, ...this.voices.of({ language }, tenant.country, tenant.locale) });
  }

  /** Who may be dialled is dialled, and a route begun. */
  async dial(call: OutboundCall, { target }: Allowed): Promise<Answer> {
    const served = (document: TwimlDocument | undefined): Answer => (document ? { document, outcome: 'served' } : this.unknown(call));
    switch (target.kind) {
      case 'endpoint':
        return served(this.ring(call, target.to, target.callerId));
      case 'operator':
      case 'menu':
      case 'route':
        return served(await this.route(call, call.tenant, target.route, { callerId: target.callerId }));
      case 'our-number': {
        const owner = this.directory.tenant(target.number.environment, target.number.tenant);
        const isGuest = owner?.tenant !== call.tenant.tenant;
        return served(owner && !owner.suspended && owner.environment === call.environment.name ? await this.route(call, owner, target.number.route, { callerId: target.callerId ?? undefined, ...(isGuest ? { guest: { tenant: call.tenant.tenant, dialled: target.to } } : {}) }) : undefined);
      }
      case 'number':
        return served(this.number(call, target));
      case 'emergency':
        return served(this.emergency(call, target));
    }
  }

  /** The extension's phones, all at once where the account can, else the first one. */
  ring(call: OutboundCall, extension: string, shown: string, timeoutS = RINGS_S): TwimlDocument | undefined {
    const { tenant, environment, ticket } = call;
    const phones = this.directory.endpoints(tenant, extension).slice(0, environment.enhancedSip ? 10 : 1);
    if (phones.length === 0) return undefined;
    const told = this.told(call, { who: 'person', target: extension });
    return this.document(call, phones.map((phone) => ({ ...phoneTarget(environment, tenant, phone, ticket.call), statusCallback: told })), { callerId: callerIdOf(shown) ?? 'anonymous', timeoutS }, ticket);
  }

  /** Rings whoever has sent the call elsewhere, where nobody answered or may be called; undefined when nobody is known to have. */
  comeBack(call: OutboundCall, document = new TwimlDocument()): TwimlDocument | undefined {
    const { tenant, environment, ticket, from } = call;
    const [phone] = ticket.by === undefined ? [] : this.directory.endpoints(tenant, ticket.by);
    if (!phone) return undefined;
    const statusCallback = this.told(call, { who: 'person', target: phone.extension });
    const action = urlOf(environment.publicUrl, VOICE_PATHS.outbound, { d: writeDialTicket({ ...ticket, way: 'back' }) });
    return document.dial([{ ...phoneTarget(environment, tenant, phone, ticket.call), statusCallback }], { action, timeoutS: COMES_BACK_S, callerId: callerIdOf(ticket.shown ?? from) ?? 'anonymous', referUrl: this.referUrl(call, ticket) });
  }

  /** The call may not be made: the caller hears why, in its own language, and the fact says it too. */
  refuse(call: OutboundCall, denied: Denied, dialled: string): TwimlDocument {
    const { ticket, from } = call;
    this.notes(ticket).note({
      kind: 'refused', key: 'refused', from: party(ticket.by ?? from), to: party(dialled), direction: 'outbound', reason: REASONS[denied.reason] ?? 'not_allowed', denial: denied.reason.slice(0, 80), detail: denied.detail.slice(0, 500), cause: denied.cause,
    });
    return this.say(new TwimlDocument(), denied.spoken, call.tenant).hangup();
  }

  private number(call: OutboundCall, { to, callerId, timeLimitS, reservationId }: Extract<OutboundTarget, { kind: 'number' }>): TwimlDocument {
    const statusCallback = this.told(call, { who: 'far_end', target: to, reservation: reservationId });
    return this.document(call, [{ number: to, statusCallback }], { callerId, timeLimitS, timeoutS: RINGS_S }, { ...call.ticket, reservation: reservationId });
  }

  /** By Twilio, or by the tenant's own line. Nothing limits it. */
  private emergency(call: OutboundCall, target: Extract<OutboundTarget, { kind: 'emergency' }>): TwimlDocument {
    const statusCallback = this.told(call, { who: 'far_end', target: target.to });
    const to: DialTarget = target.by === 'twilio' ? { number: target.to, statusCallback } : { sip: target.sip, statusCallback };
    return this.document(call, [to], target.callerId === null ? {} : { callerId: target.callerId }, call.ticket);
  }

  private async route(call: OutboundCall, tenant: VoiceTenant, code: string, more: { readonly callerId?: string | undefined; readonly guest?: FlowBeginning['guest'] }): Promise<TwimlDocument | undefined> {
    const { environment, from, heardBy, answered, ticket } = call;
    const route = this.directory.route(tenant.environment, tenant.tenant, code);
    if (!route) return undefined;
    const { callerId = ticket.shown, guest } = more;
    return this.flow.begin({
      callSid: ticket.call, heardBy, from, to: code, tenant, route, environment, answered, reason: ticket.way === 'transfer' ? 'transfer' : 'route',
      ...(callerId === undefined ? {} : { callerId }), ...(guest ? { guest } : {}),
    });
  }

  private document(call: OutboundCall, targets: readonly DialTarget[], options: { readonly callerId?: string; readonly timeoutS?: number; readonly timeLimitS?: number }, ticket: DialTicket): TwimlDocument {
    const action = urlOf(call.environment.publicUrl, VOICE_PATHS.outbound, { d: writeDialTicket(ticket) });
    return new TwimlDocument().dial(targets, { ...options, action, referUrl: this.referUrl(call, call.ticket) });
  }

  private referUrl({ environment }: OutboundCall, ticket: Omit<DialTicket, 'reservation'>): string {
    return urlOf(environment.publicUrl, VOICE_PATHS.refer, { d: writeDialTicket({ ...ticket, way: 'transfer' }) });
  }

  private told({ environment, tenant, ticket }: OutboundCall, leg: Pick<LegFacts, 'who' | 'target' | 'reservation'>): string {
    return legCallback(environment.publicUrl, { environment: environment.name, tenant: tenant.tenant, call: ticket.call, since: this.clock.now(), ...leg });
  }

  /** The desk allows what the directory has no phone or route for: it was taken away between the two. */
  private unknown(call: OutboundCall): Answer {
    this.notes(call.ticket).note({ kind: 'refused', key: 'refused', from: party(call.ticket.by ?? call.from), to: '', direction: 'internal', reason: 'no_such_endpoint', detail: 'No phone or route answers there.', cause: 1 });
    return { document: this.say(new TwimlDocument(), { say: { es: 'Ese destino no existe.', en: 'There is no such destination.' } }, call.tenant).hangup(), outcome: 'refused' };
  }
}

/** The desk's reasons as CallRefused has them; the others are all `not_allowed`. */
const REASONS: Readonly<Record<string, RefusalReason>> = {
  tenant_suspended: 'tenant_suspended', no_such_endpoint: 'no_such_endpoint', endpoint_disabled: 'no_such_endpoint', invalid_number: 'invalid_number', burst_cap: 'overload', concurrency_cap: 'overload',
};

/** Names a question of a call: the same for one that comes again. */
export function questionOf(callSid: string, signature: string): string {
  return `${callSid}/${createHash('sha256').update(signature).digest('hex').slice(0, 16)}`;
}
