import type { Call } from './call.js';
import { CallActor, type ActorPorts } from './call-actor.js';
import type { CallMessage } from './machine/call-message.js';

/** How long a call that is over stays in memory, ms: its recording's end and late events still find it. */
const LINGER_MS = 60_000;

/** All calls in this gateway's hands, by id and by channel. */
export class CallRegistry {
  private readonly actors = new Map<string, CallActor>();
  private readonly byChannel = new Map<string, string>();

  /** @param ports `act` does the effects of a call at the call's own edge */
  constructor(private readonly ports: Omit<ActorPorts, 'stepped'>) {}

  /** Takes a call in; a call that is in hand already is left as it is. */
  open(call: Call): CallActor {
    const known = this.actors.get(call.callId);
    if (known) return known;
    const actor = new CallActor(call, { ...this.ports, stepped: (current) => this.index(current) });
    this.actors.set(call.callId, actor);
    this.index(call);
    return actor;
  }

  find(callId: string): CallActor | undefined {
    return this.actors.get(callId);
  }

  ofChannel(channelId: string): CallActor | undefined {
    const callId = this.byChannel.get(channelId);
    return callId === undefined ? undefined : this.actors.get(callId);
  }

  /** The call, live or just over, that a recording belongs to. */
  withRecording(recordingId: string): CallActor | undefined {
    return [...this.actors.values()].find((actor) => actor.call.recordings.some((each) => each.recordingId === recordingId));
  }

  /** Sends a message to the call of a channel, if there is one. */
  tellChannel(channelId: string, message: CallMessage): boolean {
    const actor = this.ofChannel(channelId);
    actor?.tell(message);
    return actor !== undefined;
  }

  tell(callId: string, message: CallMessage): void {
    this.actors.get(callId)?.tell(message);
  }

  /** Calls that are not over: all of them, or those of one edge. */
  live(edgeId?: string): CallActor[] {
    return [...this.actors.values()].filter(({ call }) => call.state !== 'ended' && (edgeId === undefined || call.edgeId === edgeId));
  }

  /** Waits until every call has taken what it was sent. */
  async idle(): Promise<void> {
    await Promise.all([...this.actors.values()].map((actor) => actor.idle()));
  }

  private index(call: Call): void {
    for (const leg of call.legs) this.byChannel.set(leg.channelId, call.callId);
    if (call.state === 'ended') setTimeout(() => this.forget(call.callId), LINGER_MS).unref();
  }

  private forget(callId: string): void {
    const actor = this.actors.get(callId);
    if (!actor || actor.call.recordings.some((each) => each.state === 'recording')) return;
    for (const leg of actor.call.legs) this.byChannel.delete(leg.channelId);
    this.actors.delete(callId);
  }
}
