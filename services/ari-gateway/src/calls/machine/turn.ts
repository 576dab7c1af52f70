import type { FlowInput } from '@troncal/callflow';
import type { Call, CallRecording, DialTarget, Leg } from '../call.js';
import { primaryLeg } from '../call.js';
import type { CallEffect } from './call-effect.js';
import type { CallFact } from './call-fact.js';

/** What a step may look at besides the call: the moment, fresh ids, and the tenant's phones. */
export interface TurnContext {
  /** ms since the epoch. */
  readonly now: number;
  readonly newLegId: () => string;
  readonly newId: () => string;
  /** How an extension of the tenant is reached; undefined when there is none, or it is disabled. */
  readonly dialTarget: (tenant: string, extension: string) => DialTarget | undefined;
}

/** What a step gives: the call to store, the facts to state in the same transaction, and what to do afterwards, in order. */
export interface TurnResult {
  readonly call: Call;
  readonly facts: readonly CallFact[];
  readonly effects: readonly CallEffect[];
}

/** Who answered, where the flow's `answer` is due to a phone and not to the route itself. */
export interface Answerer {
  readonly by: 'endpoint' | 'far_end';
  readonly answeredBy: string;
}

/** A report that is owed to the call's flow; its own effects come after those of the flow. */
export interface FlowReport {
  readonly input: FlowInput;
  readonly answerer?: Answerer;
  readonly afterwards?: readonly CallEffect[];
}

/** One step of a call under construction; used for one message and thrown away. */
export class Turn {
  readonly facts: CallFact[] = [];
  readonly effects: CallEffect[] = [];
  private reports: FlowReport[] = [];

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

  get over(): boolean {
    return this.draft.state === 'ended';
  }

  set(change: Partial<Call>): void {
    this.draft = { ...this.draft, ...change };
  }

  state(fact: CallFact): void {
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

  addLeg(leg: Pick<Leg, 'kind' | 'target'> & { readonly step: number }): Leg {
    const legId = this.context.newLegId();
    const added: Leg = { legId, channelId: legId, state: 'created', ...leg };
    this.set({ legs: [...this.draft.legs, added] });
    return added;
  }

  setLeg(legId: string, change: Partial<Pick<Leg, 'state' | 'upAt'>>): Leg | undefined {
    this.set({ legs: this.draft.legs.map((leg) => (leg.legId === legId ? { ...leg, ...change } : leg)) });
    return this.draft.legs.find((leg) => leg.legId === legId);
  }

  setRecording(recordingId: string, change: Partial<CallRecording>): void {
    this.set({ recordings: this.draft.recordings.map((each) => (each.recordingId === recordingId ? { ...each, ...change } : each)) });
  }

  /** Legs that are not over, the primary one left out. */
  otherLegs(): Leg[] {
    return this.draft.legs.slice(1).filter((leg) => leg.state !== 'ended');
  }

  /** Takes legs out of the call: marked first, so that their hangup means nothing any more. */
  drop(legs: readonly Leg[], cause = 16): void {
    for (const leg of legs) {
      this.setLeg(leg.legId, { state: 'ended' });
      this.do({ kind: 'hang_up', channelId: leg.channelId, cause });
    }
  }

  done(): TurnResult {
    return { call: this.draft, facts: this.facts, effects: this.effects };
  }
}
