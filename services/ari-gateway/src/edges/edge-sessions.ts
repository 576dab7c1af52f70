import type { TransientError } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { Call } from '../calls/call.js';
import type { CallEffect } from '../calls/machine/call-effect.js';
import { edgeLeftOut, edgeNotHere, noEdge } from './edge-away.js';
import type { EdgeSession } from './edge-session.js';

/** The edges in this process's hands. */
export class EdgeSessions {
  private readonly sessions = new Map<string, EdgeSession>();

  constructor(
    private readonly logger: Logger,
    /** The edge that runs nowhere, by choice: there will be no session. */
    readonly leftOut?: string,
  ) {}

  add(session: EdgeSession): void {
    this.sessions.set(session.edgeId, session);
  }

  remove(session: EdgeSession): void {
    if (this.sessions.get(session.edgeId) === session) this.sessions.delete(session.edgeId);
  }

  of(edgeId: string): EdgeSession | undefined {
    return this.sessions.get(edgeId);
  }

  all(): EdgeSession[] {
    return [...this.sessions.values()];
  }

  ready(): EdgeSession[] {
    return this.all().filter((session) => session.ready);
  }

  /** The session of an edge, whether or not its Asterisk is reachable now. @throws edge_left_out, edge_unreachable (503) */
  demand(edgeId: string): EdgeSession {
    const session = this.of(edgeId);
    if (session) return session;
    throw this.leftOut === undefined ? edgeNotHere(edgeId) : edgeLeftOut(this.leftOut);
  }

  /** Why no call can be placed now; undefined when one can. */
  get away(): TransientError | undefined {
    if (this.leftOut !== undefined) return edgeLeftOut(this.leftOut);
    return this.ready().length > 0 ? undefined : noEdge(this.all().map((session) => session.edgeId));
  }

  /** The database knows a newer owner of an edge than the session of that epoch. */
  overtaken(edgeId: string, epoch: number): void {
    const session = this.of(edgeId);
    if (session?.epoch === epoch) session.giveUp(`the database knows a newer owner than epoch ${epoch}`);
  }

  /** Does the effects of a call at its own edge. */
  act(call: Call, effects: readonly CallEffect[]): void {
    const session = this.of(call.edgeId);
    if (session) return session.act(call, effects);
    this.logger.warn({ call: call.callId, edge: call.edgeId, effects: effects.map((effect) => effect.kind) }, 'effects of a call whose edge is not held here are left to its holder');
  }
}
