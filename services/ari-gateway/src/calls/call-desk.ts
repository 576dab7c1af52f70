import { PermanentError } from '@troncal/kernel';
import { isDatabaseAway } from '@troncal/persistence';
import { edgeLeftOut } from '../edges/edge-away.js';
import type { EdgeOwners } from '../edges/edge-owners.js';
import type { EdgeSessions } from '../edges/edge-sessions.js';
import type { Call } from './call.js';
import type { CallActor } from './call-actor.js';
import type { CallRegistry } from './call-registry.js';
import type { CallQuery, CallRepository, TimelineEntry } from './call.repository.js';

/** Finds calls for people and other services: live ones in memory, which is the authority, the others in the database. */
export class CallDesk {
  constructor(
    private readonly registry: CallRegistry,
    private readonly calls: CallRepository,
    private readonly sessions: EdgeSessions,
    private readonly owners: EdgeOwners,
  ) {}

  /**
   * A live call's actor. @throws PermanentError unknown_call (404); call_over, call_on_twilio (409); edge_left_out (503); HeldElsewhere when another replica holds its
   * edge: the request is passed on to that one.
   */
  async live(callId: string, tenant: string): Promise<CallActor> {
    const actor = this.registry.known(callId);
    if (actor && sees(tenant, actor.call)) {
      if (actor.call.state === 'ended') throw over(callId);
      return actor;
    }
    const found = await this.find(callId, tenant);
    if (found.state === 'ended') throw over(callId);
    const call = await this.atAnEdge(found);
    if (!call) throw onTwilio(callId);
    if (this.sessions.leftOut !== undefined) throw edgeLeftOut(this.sessions.leftOut);
    throw (await this.owners.elsewhere(call.edgeId, `Call ${callId}`)) ?? new PermanentError('call_not_here', `Call ${callId} is in no gateway's hands now.`, { status: 409, remedy: 'Its edge is being reconciled; ask again in a second.' });
  }

  /** The actor of a call that isn't over; undefined when it is, or never was. @throws HeldElsewhere as `live` */
  async atHand(callId: string): Promise<CallActor | undefined> {
    const actor = this.registry.known(callId);
    if (actor) return actor.call.state === 'ended' ? undefined : actor;
    const found = await this.calls.find(callId).catch(() => undefined);
    const call = found && found.state !== 'ended' ? await this.atAnEdge(found) : undefined;
    const other = call ? await this.owners.elsewhere(call.edgeId, `Call ${callId}`) : undefined;
    if (other) throw other;
    return undefined;
  }

  /** @throws PermanentError unknown_call (404): also for a call of another tenant */
  async find(callId: string, tenant: string): Promise<Call> {
    const call = this.registry.find(callId)?.call ?? (await this.calls.find(callId));
    if (!call || !sees(tenant, call)) throw new PermanentError('unknown_call', `There is no call ${callId}.`, { status: 404, remedy: 'GET /api/calls lists the calls of this key.' });
    return call;
  }

  /** The call as an edge has it; undefined for one that is on Twilio's rail alone. */
  private async atAnEdge(call: Call): Promise<Call | undefined> {
    return call.twilio ? this.calls.carrying(call.callId).catch(() => undefined) : call;
  }

  /** With the database away the live calls are known all the same. */
  private fromMemory({ live, tenant }: CallQuery, error: unknown): { readonly calls: readonly Call[]; readonly next?: string } {
    if (!live || !isDatabaseAway(error)) throw error;
    return { calls: this.registry.live().map((actor) => actor.call).filter((call) => tenant === undefined || call.tenant === tenant) };
  }

  /** Everybody who waits in a slot, at any edge: here as memory has it, elsewhere as it was stored; with the database away those here. */
  async parked(tenant: string | undefined): Promise<readonly Call[]> {
    const here = this.registry.live().map((actor) => actor.call);
    const stored = await this.calls.parked(tenant).catch((error: unknown) => {
      if (isDatabaseAway(error)) return [];
      throw error;
    });
    const elsewhere = stored.filter((call) => this.registry.find(call.callId) === undefined);
    return [...here, ...elsewhere].filter((call) => call.parked !== null && (tenant === undefined || call.tenant === tenant));
  }

  async timeline(callId: string): Promise<TimelineEntry[]> {
    return this.calls.timeline(callId);
  }

  async list(query: CallQuery): Promise<{ readonly calls: readonly Call[]; readonly next?: string }> {
    const page = await this.calls.list(query).catch((error: unknown) => this.fromMemory(query, error));
    return { ...page, calls: page.calls.map((call) => this.registry.find(call.callId)?.call ?? call).filter((call) => query.live === undefined || (call.state !== 'ended') === query.live) };
  }
}

/** `*` is a key for all tenants. */
function sees(tenant: string, call: Call): boolean {
  return tenant === '*' || tenant === call.tenant;
}

function onTwilio(callId: string): PermanentError {
  const remedy = 'What it does is in its route and in the hands of those who talk; it ends when one of them hangs up.';
  return new PermanentError('call_on_twilio', `Call ${callId} is on Twilio’s rail: no gateway has it in hand to change it.`, { status: 409, remedy });
}

function over(callId: string): PermanentError {
  return new PermanentError('call_over', `Call ${callId} is over.`, { status: 409, remedy: 'Only a live call can be changed; GET /api/calls?live lists them.' });
}
