import type { Language, Route } from '@troncal/contracts';
import { newCallId, newLegId } from '@troncal/kernel';
import { NO_CONTROL, type Call, type Carried, type DialTarget, type Direction, type LegKind } from './call.js';

export interface NewCall {
  readonly tenant: string;
  readonly direction: Direction;
  readonly from: string;
  readonly to: string;
  readonly edgeId: string;
  readonly language: Language;
  readonly route: Route;
  readonly routeRef: Call['routeRef'];
  readonly dials: Readonly<Record<string, DialTarget>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly carries?: Carried;
  /** The caller's channel; absent for a call that we place, whose first leg is the party called. */
  readonly channelId?: string;
  readonly primary: LegKind;
  /** The caller's leg is up already: the dialplan's fallback had answered it. */
  readonly answered: boolean;
  readonly now: number;
}

/** A call before its first message. */
export function newCall(given: NewCall): Call {
  const legId = newLegId();
  const { channelId, primary, answered, now, variables, ...rest } = given;
  return {
    ...NO_CONTROL,
    ...rest,
    callId: newCallId(),
    version: 0,
    flow: null,
    state: answered ? 'answered' : 'ringing',
    legs: [{ legId, channelId: channelId ?? legId, kind: primary, target: primary === 'caller' ? given.from : given.to, state: answered ? 'up' : 'created', ...(answered ? { upAt: now } : {}) }],
    recordings: [],
    ringNext: [],
    waiting: null,
    agentPart: null,
    leftAgent: null,
    summary: null,
    lastCause: 16,
    variables: variables ?? {},
    startedAt: now,
    answeredAt: answered ? now : null,
    endedAt: null,
    disposition: null,
    cause: null,
  };
}
