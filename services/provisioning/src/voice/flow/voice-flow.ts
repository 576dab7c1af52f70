import { Inject, Injectable } from '@nestjs/common';
import type { FlowState, SpokenIn } from '@troncal/callflow';
import { CLOCK, CONFIG } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import { CallFacts } from '../../rail-calls/call-facts.js';
import type { VoiceConfig } from '../voice-env.js';
import { VoiceDirectory } from '../directory/voice-directory.js';
import type { VoiceEnvironment, VoiceRoute, VoiceTenant } from '../directory/voice-tenant.js';
import type { TwimlDocument } from '../twiml/twiml-document.js';
import { Voices } from '../twiml/voices.js';
import { countIn, parameter, type Webhook } from '../webhooks/webhook.js';
import { CallNotes } from './call-facts-of.js';
import { callerIsGone, dialOutcome } from './dial-outcome.js';
import { FlowRun, type FlowPassport, type FlowScene } from './flow-run.js';
import type { FlowTicket, Waiting } from './flow-ticket.js';
import { noteDial } from './note-dial.js';
import { QueueLine } from './queue-line.js';
import { RailAgents } from './rail-agents.js';

/** A call that begins a route. */
export interface FlowBeginning {
  /** The parent call. */
  readonly callSid: string;
  /** The leg of it that hears the route, where that is another one. */
  readonly heardBy?: string;
  readonly from: string;
  /** What was called. */
  readonly to: string;
  readonly tenant: VoiceTenant;
  readonly route: VoiceRoute;
  readonly environment: VoiceEnvironment;
  readonly callerId?: string;
  readonly guest?: FlowTicket['guest'];
  /** The caller's leg is up already. */
  readonly answered?: boolean;
  /** Why: `transfer` marks its queues as such. */
  readonly reason?: 'route' | 'transfer';
  readonly afterStep?: number;
  /** What the caller chose in the flow before, and goes on being spoken to in. */
  readonly spoken?: SpokenIn;
}

/** A webhook of a call that is in a flow. */
export interface FlowWebhook {
  readonly callSid: string;
  readonly ticket: FlowTicket;
  readonly webhook: Webhook;
}

/** Runs routes on Twilio's rail: from the start, and from one webhook to the next. All from memory, but for AI agents, who are asked for over the bus. */
@Injectable()
export class VoiceFlow {
  private readonly voices: Voices;

  constructor(
    private readonly directory: VoiceDirectory,
    private readonly facts: CallFacts,
    private readonly agents: RailAgents,
    private readonly line: QueueLine,
    @Inject(CONFIG) private readonly config: VoiceConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.voices = new Voices(config.VOICE_VOICES);
  }

  async begin({ callSid, heardBy = callSid, from, to, tenant, route, environment, callerId, guest, answered = false, reason = 'route', afterStep, spoken }: FlowBeginning): Promise<TwimlDocument> {
    const passport: FlowPassport = { environment: environment.name, tenant: tenant.tenant, route: route.code, revision: route.revision, ...(heardBy === callSid ? {} : { call: callSid }), ...(callerId === undefined ? {} : { callerId }), ...(guest ? { guest } : {}) };
    const scene = this.scene({ callSid, heardBy, from, to, environment, tenant, route, callerGone: false }, passport);
    const run = new FlowRun(scene, passport);
    // A guest's call is another tenant's: what is said in it is not this one's to record.
    run.start({ answered, reason, recording: guest !== undefined, ...(afterStep === undefined ? {} : { afterStep }), ...(spoken ? { spoken } : {}) });
    return this.agents.serve(run, scene);
  }

  /** @returns undefined when what the ticket speaks of isn't there any more */
  async goOn({ callSid: heardBy, ticket, webhook }: FlowWebhook): Promise<TwimlDocument | undefined> {
    const callSid = ticket.call ?? heardBy;
    this.line.forget(callSid);
    // A guest's call is in the guest's account, whoever's route it walks.
    const environment = this.directory.signed(webhook, { environment: ticket.environment, tenant: ticket.guest?.tenant ?? ticket.tenant });
    const tenant = environment && this.directory.tenant(environment.name, ticket.tenant);
    if (!environment || !tenant) return undefined;
    const from = parameter(webhook, 'From') ?? '';
    const to = parameter(webhook, 'To') ?? '';
    const pinned = this.directory.route(environment.name, tenant.tenant, ticket.route, ticket.revision);
    const inForce = pinned ?? this.directory.route(environment.name, tenant.tenant, ticket.route);
    if (!inForce) return undefined;
    const { callerId, guest, state } = ticket;
    // The revision that the call walked is forgotten: the caller is given the one in force from its start, rather than nothing.
    if (!pinned) return this.begin({ callSid, heardBy, from, to, tenant, route: inForce, environment, answered: state.answered, afterStep: state.step, ...(callerId === undefined ? {} : { callerId }), ...(guest ? { guest } : {}) });
    const { state: _, waiting, ...passport } = ticket;
    const scene = this.scene({ callSid, heardBy, from, to, environment, tenant, route: pinned, callerGone: callerIsGone(webhook) }, passport);
    const run = new FlowRun(scene, passport);
    if (waiting.for === 'agent') await this.agents.left(run, scene, state, waiting);
    else this.take(run, scene, state, waiting, webhook);
    return this.agents.serve(run, scene);
  }

  private take(run: FlowRun, scene: FlowScene, state: FlowState, waiting: Exclude<Waiting, { for: 'agent' }>, webhook: Webhook): void {
    switch (waiting.for) {
      case 'say':
      case 'menu':
      case 'digit':
        return this.takeDigit(run, scene, state, waiting.for, webhook);
      case 'said':
        return run.report(state, { kind: 'said', step: state.step });
      case 'ring':
        return this.takeRing(run, scene, state, waiting.group, webhook);
      case 'queue':
        return this.takeQueue(run, scene, state, waiting, webhook);
      case 'hold': {
        const queue = queueOf(scene, state);
        return queue === undefined ? run.report(state, { kind: 'hangup' }) : run.queue(state, queue, { ...waiting, group: 0 });
      }
      case 'handover':
        return this.takeHandover(run, scene, state, webhook);
      case 'voicemail':
        // A caller that hung up has left what was said until then; nobody hears what would follow.
        return callerIsGone(webhook) ? run.report(state, { kind: 'hangup' }) : run.report(state, { kind: 'voicemail_left', step: state.step, recorded: (countIn(webhook, 'RecordingDuration') ?? 0) > 0 });
    }
  }

  private takeDigit(run: FlowRun, scene: FlowScene, state: FlowState, during: 'say' | 'menu' | 'digit', webhook: Webhook): void {
    const digit = /[0-9*#A-D]/.exec(parameter(webhook, 'Digits') ?? '')?.[0];
    if (digit !== undefined) {
      scene.notes.note({ kind: 'digit', key: `digit:${state.step}:0`, digit, masked: false });
      return run.report(state, { kind: 'digit', digit });
    }
    if (callerIsGone(webhook)) return run.report(state, { kind: 'hangup' });
    if (during === 'say') return run.report(state, { kind: 'said', step: state.step });
    if (during === 'digit') return run.report(state, { kind: 'digit_timeout', step: state.step });
    run.timeOutMenu(state);
  }

  private takeRing(run: FlowRun, scene: FlowScene, state: FlowState, group: number, webhook: Webhook): void {
    noteDial(scene.notes, webhook);
    const outcome = dialOutcome(webhook);
    const node = nodeOf(scene, state);
    if (outcome === 'caller_gone') run.report(state, { kind: 'hangup' });
    else if (outcome === 'talked') run.report(state, { kind: 'ring_answered', step: state.step });
    else if (node?.kind === 'ring') run.ring(state, node, group + 1);
    else run.report(state, { kind: 'ring_failed', step: state.step });
  }

  /** Our Asterisk had the call to its end, or never took it. */
  private takeHandover(run: FlowRun, scene: FlowScene, state: FlowState, webhook: Webhook): void {
    noteDial(scene.notes, webhook);
    if (dialOutcome(webhook) === 'not_reached') return run.stay(state);
    // Who ended it is told by who had it: nothing is noted here.
    run.document.hangup();
  }

  private takeQueue(run: FlowRun, scene: FlowScene, state: FlowState, waiting: Extract<Waiting, { for: 'queue' }>, webhook: Webhook): void {
    noteDial(scene.notes, webhook);
    const outcome = dialOutcome(webhook);
    const queue = queueOf(scene, state);
    if (queue === undefined) return run.report(state, { kind: 'hangup' });
    if (outcome === 'talked') return run.report(state, { kind: 'queue_connected', step: state.step });
    if (outcome === 'not_reached') return run.queue(state, queue, { ...waiting, group: waiting.group + 1 });
    run.noteQueueLeft(state, queue, 'abandoned', waiting.since);
    run.report(state, { kind: 'hangup' });
  }

  private scene(given: Pick<FlowScene, 'callSid' | 'heardBy' | 'from' | 'to' | 'environment' | 'tenant' | 'route' | 'callerGone'>, { guest }: FlowPassport): FlowScene {
    const owner = { callSid: given.callSid, environment: given.environment.name, tenant: guest?.tenant ?? given.tenant.tenant };
    const notes = new CallNotes(this.facts, owner, this.clock.date().toISOString());
    return { ...given, directory: this.directory, line: this.line, voices: this.voices, notes, now: this.clock.now(), holdMusicUrl: this.config.VOICE_HOLD_MUSIC_URL };
  }
}

function nodeOf({ route }: FlowScene, state: FlowState) {
  return Object.hasOwn(route.route.nodes, state.node) ? route.route.nodes[state.node] : undefined;
}

function queueOf(scene: FlowScene, state: FlowState): string | undefined {
  const node = nodeOf(scene, state);
  return node?.kind === 'queue' ? node.queue : undefined;
}
