import { newLegId, PermanentError } from '@troncal/kernel';
import type { Call } from '../call.js';
import type { CallDesk } from '../call-desk.js';
import { callMeant, type AboutCall } from './about-call.js';

/** Puts calls together: two callers with each other, or as many as there are in a conference. */
export class ConnectCalls {
  constructor(private readonly desk: CallDesk) {}

  /** @throws PermanentError unknown_call (404), same_call (422), other_tenant (403), other_edge, being_connected, wrong_state, call_over (409) */
  async bridge(about: AboutCall, otherId: string): Promise<Call> {
    const one = await callMeant(this.desk, about);
    if (otherId === about.callId) throw new PermanentError('same_call', 'A call can\'t be put together with itself.', { remedy: 'Name another live call in "with".' });
    // Looked up before it is demanded: a call that another replica holds is at another edge, and must not have this request passed on.
    const { tenant, edgeId } = await this.desk.find(otherId, about.tenant);
    if (one.call.tenant !== tenant) throw new PermanentError('other_tenant', 'Calls of two tenants are never put together.', { status: 403, remedy: 'Name a call of the same tenant.' });
    if (one.call.edgeId !== edgeId) {
      throw new PermanentError('other_edge', `The calls are at two edges, ${one.call.edgeId} and ${edgeId}.`, { status: 409, remedy: 'Only calls at one edge can be put together; transfer one of them.' });
    }
    const other = await callMeant(this.desk, { ...about, callId: otherId });
    const legs = { mine: newLegId(), theirs: newLegId() };
    // The other one first, which then waits for its half; nothing changes for either caller until the Local channel between them is up.
    await other.request({ kind: 'link', legId: legs.theirs, to: { kind: 'call', callId: about.callId, legId: legs.mine }, dials: false });
    try {
      return await one.request({ kind: 'link', legId: legs.mine, to: { kind: 'call', callId: otherId, legId: legs.theirs }, dials: true });
    } catch (error) {
      other.tell({ kind: 'leg_gone', channelId: legs.theirs, cause: 16 });
      throw error;
    }
  }

  /** @throws PermanentError in_conference, being_connected, wrong_state (409) */
  async conference(about: AboutCall, name: string): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'link', legId: newLegId(), to: { kind: 'conference', name }, dials: true });
  }

  /** @throws PermanentError not_in_conference (409) */
  async leaveConference(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'leave_conference' });
  }
}
