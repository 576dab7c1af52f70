import { clockAt, type FlowClock, type FlowInput } from '@troncal/callflow';
import type { Route } from '@troncal/contracts';
import type { Call, CallRecording, DialTarget, Leg } from '../call.js';
import { primaryLeg } from '../call.js';
import type { CallEffect } from './call-effect.js';
import type { CallFact } from './call-fact.js';
import { doing, type Doing, type Refusal } from './refusal.js';

/** What a step may look at besides the call: the moment, fresh ids, and the tenant's phones. */
export interface TurnContext {
  /** ms since the epoch. */
  readonly now: number;
  readonly newLegId: () => string;
  readonly newId: () => string;
  /** How an extension of the tenant is reached; undefined when there is none, or it is disabled. */
  readonly dialTarget: (tenant: string, extension: string) => DialTarget | undefined;
  /** Where a tenant is: ISO 3166-1 alpha-2, and the IANA time zone. */
  readonly home: (tenant: string) => { readonly country: string; readonly timeZone: string };
}

/** What a step gives: the call to store, the facts to state in the same transaction, and what to do afterwards, in order. */
export interface TurnResult {
  readonly call: Call;
  readonly facts: readonly CallFact[];
  readonly effects: readonly CallEffect[];
  /** The request was refused, and changed nothing. */
  readonly refusal?: Refusal;
}

/** Who answered, where the flow's `answer` is due to a phone and not to the route itself. */
export interface Answerer {
  readonly by: 'endpoint' | 'far_end';
  readonly answeredBy: string;
}

/** Another route that takes the place of the one that a report would go on with. */
export interface Reroute {
  readonly route: Route;
  readonly routeRef: Call['routeRef'];
  readonly reason: 'route' | 'transfer';
}

/** A report that is owed to the call's flow; its own effects come after those of the flow. */
export interface FlowReport {
  readonly input: FlowInput;
  readonly answerer?: Answerer;
  readonly afterwards?: readonly CallEffect[];
  readonly reroute?: Reroute;
}

/** What Twilio's rail tells of a call that goes on here. */
const TOLD_THERE: ReadonlySet<CallFact['name']> = new Set(['CallStarted', 'CallAnswered', 'CallEnded']);

/** One step of a call under construction; used for one message and thrown away. */
export class Turn {
  readonly facts: CallFact[] = [];
  readonly effects: CallEffect[] = [];
  private reports: FlowReport[] = [];
  private refusal: Refusal | undefined;

  constructor(
    private draft: Call,
    readonly context: TurnContext,
  ) {}

  get call(): Call {
    return this.draft;
  }

  get primary(): Leg {
    return primaryLeg(this.draft);
  }

  /** The time as the call's flow knows it. */
  get clock(): FlowClock {
    return clockAt(new Date(this.context.now), this.context.home(this.draft.tenant).timeZone);
  }

  get over(): boolean {
    return this.draft.state === 'ended';
  }

  set(change: Partial<Call>): void {
    this.draft = { ...this.draft, ...change };
  }

  state(fact: CallFact): void {
    if (this.draft.carries && TOLD_THERE.has(fact.name)) return;
    this.facts.push(fact);
  }

  do(...effects: readonly CallEffect[]): void {
    this.effects.push(...effects);
  }

  /** Owes a report to the flow, which takes it before the step is over. */
  report(report: FlowReport): void {
    this.reports.push(report);
  }

  takeReport(): FlowReport | undefined {
    return this.reports.shift();
  }

  /** Refuses the request: whatever the step did so far is undone. */
  refuse(refusal: Refusal): void {
    this.refusal ??= refusal;
  }

  /** True when the call is doing one of these; else the request is refused. */
  allows(which: readonly Doing[], what: string, remedy: string): boolean {
    if (which.includes(doing(this.draft))) return true;
    this.refuse({ code: 'wrong_state', what, remedy });
    return false;
  }

  /** A leg of the conversation has the flow's step that asked for it; one beside it has a role. */
  addLeg({ legId = this.context.newLegId(), ...leg }: Pick<Leg, 'kind' | 'target' | 'step' | 'role'> & { readonly legId?: string }): Leg {
    const added: Leg = { legId, channelId: legId, state: 'created', ...leg };
    this.set({ legs: [...this.draft.legs, added] });
    return added;
  }

  setLeg(legId: string, change: Partial<Pick<Leg, 'state' | 'upAt' | 'connected' | 'extension'>>): Leg | undefined {
    this.set({ legs: this.draft.legs.map((leg) => (leg.legId === legId ? { ...leg, ...change } : leg)) });
    return this.draft.legs.find((leg) => leg.legId === legId);
  }

  setRecording(recordingId: string, change: Partial<CallRecording>): void {
    this.set({ recordings: this.draft.recordings.map((each) => (each.recordingId === recordingId ? { ...each, ...change } : each)) });
  }

  /** A leg that stood beside the conversation is part of it from now on. */
  settleLeg(legId: string): void {
    this.set({ legs: this.draft.legs.map((leg) => (leg.legId === legId ? withoutRole(leg) : leg)) });
  }

  /** Legs of the conversation that are not over, the primary one left out. */
  otherLegs(): Leg[] {
    return this.draft.legs.slice(1).filter((leg) => leg.state !== 'ended' && leg.role === undefined);
  }

  /** Legs beside the conversation that are not over. */
  sideLegs(): Leg[] {
    return this.draft.legs.filter((leg) => leg.state !== 'ended' && leg.role !== undefined);
  }

  /** Takes legs out of the call: marked first, so that their hangup means nothing any more. */
  drop(legs: readonly Leg[], cause = 16): void {
    for (const leg of legs) {
      this.setLeg(leg.legId, { state: 'ended' });
      this.do({ kind: 'hang_up', channelId: leg.channelId, cause });
    }
  }

  /** @param before the call as it was, for a request that was refused */
  done(before: Call): TurnResult {
    if (this.refusal) return { call: before, facts: [], effects: [], refusal: this.refusal };
    return { call: this.draft, facts: this.facts, effects: this.effects };
  }
}

function withoutRole({ role: _role, ...leg }: Leg): Leg {
  return leg;
}
