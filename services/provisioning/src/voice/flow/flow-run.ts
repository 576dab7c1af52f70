import { advance, clockAt, resume, start, type FlowAction, type FlowClock, type FlowContext, type FlowInput, type FlowState, type FlowStep, type HangupCause } from '@troncal/callflow';
import type { Language } from '@troncal/contracts';
import { agentLegIdOf } from '../call-id.js';
import type { VoiceDirectory } from '../directory/voice-directory.js';
import type { VoiceEndpoint, VoiceEnvironment, VoiceRoute, VoiceTenant } from '../directory/voice-tenant.js';
import { callerIdOf } from '../twiml/sip-uri.js';
import { inLanguage, PHRASES } from '../twiml/phrases.js';
import { TwimlDocument, type DialTarget, type SipTarget } from '../twiml/twiml-document.js';
import type { Voices } from '../twiml/voices.js';
import { mediaUrl, urlOf, VOICE_PATHS } from '../voice-urls.js';
import { writeDialTicket } from '../phone/dial-ticket.js';
import { party, type CallNotes } from './call-facts-of.js';
import { handoverTarget, phoneTarget } from './edge-target.js';
import { writeTicket, type FlowTicket, type Waiting } from './flow-ticket.js';
import { legCallback, type LegFacts } from './leg-callback.js';
import type { QueueLine, QueuePlace } from './queue-line.js';

/** At most so many <Sip> in one <Dial> (twilio.com/docs/voice/twiml/sip: 10). */
const AT_ONCE = 10;
/** Seconds that one member of a queue is rung before the next. */
const MEMBER_RINGS_S = 20;
/** Seconds of music between two rounds over a queue's members, so that it isn't a storm of calls while all are busy. */
const HOLD_S = 10;
/** Seconds that our Asterisk may take to take a call over: it answers at once or not at all, so that the caller is soon served here. */
const HANDOVER_S = 8;
/** Below it nobody gets to a phone, and Twilio takes no shorter timeout of a <Dial>. */
const LEAST_RING_S = 5;

type Blocking<K extends FlowAction['kind']> = Extract<FlowAction, { readonly kind: K }>;

/** What one webhook's share of a flow is done with. */
export interface FlowScene {
  readonly callSid: string;
  /** As Twilio says it: a number, or the SIP URI of a phone. */
  readonly from: string;
  readonly to: string;
  readonly environment: VoiceEnvironment;
  readonly tenant: VoiceTenant;
  readonly route: VoiceRoute;
  readonly directory: VoiceDirectory;
  readonly line: QueueLine;
  /** The leg that hears the route. */
  readonly heardBy: string;
  readonly voices: Voices;
  readonly notes: CallNotes;
  /** The caller has left: nothing that is answered ends the call any more. */
  readonly callerGone: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly holdMusicUrl: string | undefined;
}

/** An AI agent that is to be prepared before the caller can be connected with it. */
export interface WantedAgent {
  readonly state: FlowState;
  readonly leg: string;
  readonly agent: string;
  readonly language: Language;
  readonly resume: boolean;
  /** Keys that lead somewhere. */
  readonly digits: readonly string[];
  /** How often this conversation has been taken up again. */
  readonly tries: number;
}

/** The parts of a ticket that stay as they are through a call. */
export type FlowPassport = Omit<FlowTicket, 'state' | 'waiting'>;

/**
 * The TwiML driver of libs/callflow: does what the interpreter wants as one document, and says what the next webhook reports on. Prompts that
 * nothing can interrupt are reported as said at once, so that a document holds all up to the next thing that depends on the caller.
 */
export class FlowRun {
  readonly document = new TwimlDocument();
  private passport: FlowPassport;
  private readonly clock: FlowClock;
  private agent: WantedAgent | undefined;
  private tries = 0;
  /** Our Asterisk did not take the call: it is not asked again. */
  private stays = false;
  /** What an agent has told of its conversation, for whoever takes over. */
  summary: string | undefined;

  constructor(
    private readonly scene: FlowScene,
    passport: FlowPassport,
  ) {
    this.passport = passport;
    this.clock = clockAt(new Date(scene.now), scene.tenant.timeZone);
  }

  /** Begins the route. */
  start(context: FlowContext): void {
    this.perform(start(this.scene.route.route, context, this.clock));
  }

  /** Does a step's actions, to the end of the document. */
  perform({ state, actions }: FlowStep): void {
    for (const action of actions) {
      switch (action.kind) {
        case 'answer':
          this.scene.notes.note({ kind: 'answered', key: 'answered', by: 'route', answeredBy: this.passport.guest?.dialled ?? this.passport.route });
          break;
        case 'record':
          this.passport = { ...this.passport, record: action.announced ? 'announced' : 'silently' };
          break;
        case 'stop':
          // What Twilio was doing ended with its webhook.
          break;
        case 'hangup':
          return this.hangUp(state, action.cause);
        case 'say':
          return this.say(state, action);
        case 'collect':
          this.document.gather(undefined, { action: this.next(state, { for: 'digit' }), timeoutS: seconds(action.timeoutMs), always: true });
          return;
        case 'ring':
          return this.ring(state, action, 0);
        case 'queue':
          if (this.handOver(state)) return;
          return this.enterQueue(state, action);
        case 'agent':
          if (this.handOver(state)) return;
          return this.want(state, action);
        case 'voicemail':
          return this.voicemail(state, action);
      }
    }
    // Nothing to wait for and no hangup: people talk, which on this rail has ended by the time we are asked.
    if (state.phase === 'talking') this.report(state, { kind: 'person_left' });
  }

  /** Takes a report, and does what follows from it. */
  report(state: FlowState, input: FlowInput): void {
    this.perform(advance(this.scene.route.route, state, input, this.clock));
  }

  /** A menu's prompt has been said and no digit came in the time after it: both, since <Gather> waits for the two as one. */
  timeOutMenu(state: FlowState): void {
    const said = advance(this.scene.route.route, state, { kind: 'said', step: state.step }, this.clock);
    const [collect] = said.actions;
    if (collect?.kind === 'collect') this.report(said.state, { kind: 'digit_timeout', step: collect.step });
    else this.perform(said);
  }

  /** Rings the next group of a ring, or goes on when there is none. */
  ring(state: FlowState, action: Pick<Blocking<'ring'>, 'extensions' | 'strategy' | 'timeoutMs'>, group: number): void {
    const phones = action.extensions.flatMap((extension) => this.scene.directory.endpoints(this.scene.tenant, extension));
    const rung = this.groups(phones, action.strategy)[group];
    if (!rung) return this.report(state, { kind: 'ring_failed', step: state.step });
    this.dial(rung, state, { for: 'ring', group }, seconds(action.timeoutMs), { since: this.scene.now });
  }

  /** Rings the next group of a queue's members, or has the caller wait for their turn or another round, until the queue's time is over. */
  queue(state: FlowState, queue: string, waiting: { readonly group: number; readonly round: number; readonly since: number; readonly until: number }): void {
    const { group, round, since, until } = waiting;
    const left = until - Math.floor(this.scene.now / 1_000);
    if (left < LEAST_RING_S) return this.leaveQueue(state, queue, 'timeout', since);
    const { tenant, callSid, heardBy, environment, line } = this.scene;
    const members = this.scene.directory.members(tenant, queue);
    const groups = this.groups(members, 'all');
    if (groups.length === 0) return this.leaveQueue(state, queue, 'no_members', since);
    const place: QueuePlace = { environment: environment.name, tenant: tenant.tenant, queue, callSid, people: [...new Set(members.map(({ extension }) => extension))] };
    const rung = groups[group];
    // A round that has begun is gone through.
    if (rung && (group > 0 || line.isTheirTurn(place))) return this.dial(rung, state, { for: 'queue', group, round, since, until }, Math.min(MEMBER_RINGS_S, left), { since: since * 1_000, queue, step: state.step });
    if (this.scene.holdMusicUrl) this.document.play(this.scene.holdMusicUrl);
    else this.wait(state, round, Math.min(HOLD_S, left));
    const url = this.next(state, { for: 'hold', round: round + 1, since, until });
    this.document.redirect(url);
    line.hold({ ...place, heardBy, owner: this.passport.guest?.tenant ?? tenant.tenant, url });
  }

  /** The caller has left the queue, to be noted once. */
  noteQueueLeft(state: FlowState, queue: string, outcome: 'connected' | 'abandoned' | 'timeout' | 'no_members', since: number): void {
    this.scene.notes.note({ kind: 'queue-left', key: `queue-left:${state.step}`, queue, outcome, waitedMs: Math.max(0, this.scene.now - since * 1_000) });
  }

  /** Ends the call for a reason that is not the route's. */
  end(by: 'agent' | 'system'): void {
    this.scene.notes.note({ kind: 'hangup', key: 'hangup', by, cause: Q850.normal });
    this.document.hangup();
  }

  /** The agent that the flow waits for: to be prepared, and then connected or given up. */
  get wanted(): WantedAgent | undefined {
    return this.agent;
  }

  /** The agent is prepared: the caller is connected with it. */
  connect({ state, leg, agent, tries }: WantedAgent): void {
    this.agent = undefined;
    if (this.passport.record) this.document.startRecording(this.recordingCallback(this.passport.record));
    this.document.stream({ url: mediaUrl(this.scene.environment.publicUrl), leg, action: this.next(state, { for: 'agent', leg, agent, tries }) });
  }

  /** No agent can be had. */
  giveUp({ state }: WantedAgent): void {
    this.agent = undefined;
    this.report(state, { kind: 'agent_failed', step: state.step });
  }

  /** The agent's conversation broke off and can be taken up again: once more the same agent. */
  again(state: FlowState, tries: number): void {
    this.tries = tries;
    this.perform(resume(this.scene.route.route, state, this.clock));
  }

  /** Our Asterisk did not take the call over: what it was to do is done here after all. */
  stay(state: FlowState): void {
    this.stays = true;
    this.perform(resume(this.scene.route.route, state, this.clock));
  }

  /**
   * Hands the call over to our Asterisk as a whole, where its route wishes so and Twilio has a way there. Nothing is noted of it: the gateway tells of what it does with the call from
   * there on. A guest's call stays, since its tenant is another one than the route's.
   */
  private handOver(state: FlowState): boolean {
    const { environment, tenant, route, callSid, from, to } = this.scene;
    const node = route.route.nodes[state.node];
    const isWished = (node?.kind === 'queue' || node?.kind === 'agent') && node.rail === 'asterisk';
    if (!isWished || !environment.edge || this.stays || this.passport.guest) return false;
    const target = handoverTarget(environment.name, environment.edge, { callSid, called: party(to), tenant: tenant.tenant, route: route.code, node: state.node, language: state.language ?? route.route.language });
    this.dialSip([{ ...target, told: { who: 'edge', target: state.node, since: this.scene.now } }], this.next(state, { for: 'handover' }), HANDOVER_S, callerIdOf(this.passport.callerId ?? from));
    return true;
  }

  private want(state: FlowState, { step, agent, language, resume: again }: Blocking<'agent'>): void {
    const node = this.scene.route.route.nodes[state.node];
    const [secret = ''] = this.scene.environment.tokens;
    this.agent = { state, leg: agentLegIdOf(this.scene.callSid, step, secret), agent, language, resume: again && !this.stays, digits: node?.kind === 'agent' ? Object.keys(node.digits) : [], tries: this.tries };
    this.tries = 0;
  }

  private voicemail(state: FlowState, { step, maxSeconds, silenceSeconds, finishOnKey, beep, mailbox }: Blocking<'voicemail'>): void {
    this.document.record({
      action: this.next(state, { for: 'voicemail' }),
      recordingCallback: this.recordingCallback('announced', mailbox),
      maxSeconds,
      silenceSeconds,
      // Twilio ends a recording by any key of its own choice, unless it is told of none.
      finishOnKey: finishOnKey ?? '',
      beep,
    });
    // Who says nothing is not recorded, and the document goes on.
    this.report(state, { kind: 'voicemail_left', step, recorded: false });
  }

  private enterQueue(state: FlowState, { step, queue, timeoutMs, reason }: Blocking<'queue'>): void {
    this.scene.notes.note({ kind: 'queued', key: `queued:${step}`, queue, reason, ...(this.summary === undefined ? {} : { summary: this.summary }), ...(this.passport.guest ? { queueOf: this.scene.tenant.tenant } : {}) });
    const since = Math.floor(this.scene.now / 1_000);
    this.queue(state, queue, { group: 0, round: 0, since, until: since + seconds(timeoutMs) });
  }

  /** Something is said first: Twilio does not pick up for a <Pause>, and who waits long for that is given up by the telephone network. */
  private wait(state: FlowState, round: number, seconds: number): void {
    const { voices, route, tenant } = this.scene;
    const { text, language } = inLanguage(PHRASES.pleaseWait, state.language ?? route.route.language);
    if (round === 0) this.document.say({ text, ...voices.of({ language, ...(state.locale === undefined ? {} : { locale: state.locale }) }, tenant.country, tenant.locale) });
    this.document.pause(seconds);
  }

  private leaveQueue(state: FlowState, queue: string, outcome: 'timeout' | 'no_members', since: number): void {
    this.noteQueueLeft(state, queue, outcome, since);
    this.report(state, { kind: 'queue_left', step: state.step, outcome });
  }

  private say(state: FlowState, { step, interruptible, gather, ...said }: Blocking<'say'>): void {
    const spoken = { text: said.text, ...this.scene.voices.of(said, this.scene.tenant.country, this.scene.tenant.locale) };
    if (gather) {
      this.document.gather(spoken, { action: this.next(state, { for: 'menu' }), timeoutS: seconds(gather.timeoutMs), always: true });
      return;
    }
    if (interruptible) this.document.gather(spoken, { action: this.next(state, { for: 'say' }), timeoutS: 1, always: false });
    else this.document.say(spoken);
    if (this.document.full) this.document.redirect(this.next(state, { for: 'said' }));
    else this.report(state, { kind: 'said', step });
  }

  /** Without "Enhanced Programmable SIP Features" one phone after the other: two <Sip> in a <Dial> are error 13250 there. */
  private groups(phones: readonly VoiceEndpoint[], strategy: 'all' | 'in_order'): VoiceEndpoint[][] {
    const size = strategy === 'all' && this.scene.environment.enhancedSip ? AT_ONCE : 1;
    return Array.from({ length: Math.ceil(phones.length / size) }, (_, index) => phones.slice(index * size, (index + 1) * size));
  }

  private dial(phones: readonly VoiceEndpoint[], state: FlowState, waiting: Waiting, timeoutS: number, told: { readonly since: number; readonly queue?: string; readonly step?: number }): void {
    const { environment, tenant, from, callSid } = this.scene;
    const { guest } = this.passport;
    const targets = phones.map((phone) => ({ ...phoneTarget(environment, tenant, phone, callSid), told: { who: 'person', target: party(guest?.dialled ?? phone.extension), ...told } as const }));
    // The caller's own number, whoever is rung: that it is the tenant's would hide who calls.
    this.dialSip(targets, this.next(state, waiting), timeoutS, callerIdOf(this.passport.callerId ?? from), urlOf(environment.publicUrl, VOICE_PATHS.refer, { d: this.transferTicket(phones) }));
  }

  private dialSip(targets: readonly (SipTarget & { readonly told: Omit<LegFacts, 'environment' | 'tenant' | 'call'> })[], action: string, timeoutS: number, callerId = 'anonymous', referUrl?: string): void {
    const { environment, tenant, callSid } = this.scene;
    const { guest, record } = this.passport;
    const call = { environment: environment.name, tenant: guest?.tenant ?? tenant.tenant, call: callSid };
    this.document.dial(
      targets.map(({ told, ...target }): DialTarget => ({ ...target, statusCallback: legCallback(environment.publicUrl, { ...call, ...told }) })),
      { action, timeoutS, callerId, ...(record ? { recordingCallback: this.recordingCallback(record) } : {}), ...(referUrl === undefined ? {} : { referUrl }) },
    );
  }

  /** What a phone of the call may send the caller elsewhere with. */
  private transferTicket(phones: readonly VoiceEndpoint[]): string {
    const { environment, tenant, callSid, from } = this.scene;
    const { guest, callerId } = this.passport;
    const [phone, ...others] = phones;
    // A guest's call is another tenant's, by whose leave it would go on: the phones here are not that one's.
    const by = phone && others.length === 0 && !guest ? { by: phone.extension } : {};
    return writeDialTicket({ environment: environment.name, tenant: guest?.tenant ?? tenant.tenant, call: callSid, ...by, shown: party(callerId ?? from), way: 'transfer' });
  }

  private hangUp(state: FlowState, cause: HangupCause): void {
    if (!this.scene.callerGone) this.scene.notes.note({ kind: 'hangup', key: 'hangup', by: 'route', cause: Q850[cause] });
    // Only a call that isn't answered can be refused, and only before anything else: then nobody pays for it.
    if (!state.answered && this.document.empty) this.document.reject(cause === 'busy' || cause === 'congestion' ? 'busy' : 'rejected');
    else this.document.hangup();
  }

  private next(state: FlowState, waiting: Waiting): string {
    return urlOf(this.scene.environment.publicUrl, VOICE_PATHS.flow, { s: writeTicket({ ...this.passport, state, waiting }) });
  }

  private recordingCallback(record: 'announced' | 'silently', mailbox?: string): string {
    const { environment, tenant } = this.scene;
    const announced = record === 'announced' ? '1' : '0';
    return urlOf(environment.publicUrl, VOICE_PATHS.recording, { environment: environment.name, tenant: this.passport.guest?.tenant ?? tenant.tenant, call: this.scene.callSid, announced, ...(mailbox === undefined ? {} : { mailbox }) });
  }
}

/** Q.850 of a route's reasons. */
const Q850: Readonly<Record<HangupCause, number>> = { normal: 16, busy: 17, congestion: 34, rejected: 21, loop: 25, broken: 41 };

/** Twilio counts in whole seconds; a caller is rather given too much time. */
const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));
