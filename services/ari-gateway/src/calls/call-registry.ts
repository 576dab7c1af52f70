import { knownAs, type Call } from './call.js';
import { CallActor, type ActorPorts } from './call-actor.js';
import type { CallMessage } from './machine/call-message.js';

/** How long a call that is over stays in memory, ms: its recording's end and late events still find it. */
const LINGER_MS = 60_000;

export interface RegistryPorts extends Omit<ActorPorts, 'stepped' | 'epoch'> {
  /** The epoch in which this process owns an edge; 0 for one that it doesn't own. */
  readonly epochOf: (edgeId: string) => number;
}

/** All calls in this gateway's hands, by id and by channel. */
export class CallRegistry {
  private readonly actors = new Map<string, CallActor>();
  private readonly byChannel = new Map<string, string>();
  /** Calls that were handed over from Twilio's rail, by their ids there. */
  private readonly carried = new Map<string, string>();

  constructor(private readonly ports: RegistryPorts) {}

  /** Takes a call in; a call that is in hand already is left as it is. */
  open(call: Call): CallActor {
    const known = this.actors.get(call.callId);
    if (known) return known;
    const actor = new CallActor(call, { ...this.ports, epoch: this.ports.epochOf(call.edgeId), stepped: (current) => this.index(current) });
    this.actors.set(call.callId, actor);
    this.index(call);
    return actor;
  }

  find(callId: string): CallActor | undefined {
    return this.actors.get(callId);
  }

  /** The call that everybody knows by this id, be it one that was handed over to us. */
  known(callId: string): CallActor | undefined {
    return this.actors.get(callId) ?? this.actors.get(this.carried.get(callId) ?? '');
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

  /** Lets go of every call of an edge that is in other hands now: nothing more is stored or done for them here. */
  abandon(edgeId: string): void {
    for (const [callId, actor] of this.actors) {
      if (actor.call.edgeId !== edgeId) continue;
      actor.abandon();
      this.remove(callId, actor);
    }
  }

  /** Waits until every call has taken what it was sent. */
  async idle(): Promise<void> {
    await Promise.all([...this.actors.values()].map((actor) => actor.idle()));
  }

  private index(call: Call): void {
    for (const leg of call.legs) this.byChannel.set(leg.channelId, call.callId);
    if (call.carries) this.carried.set(call.carries.callId, call.callId);
    if (call.state === 'ended') setTimeout(() => this.forget(call.callId), LINGER_MS).unref();
  }

  private forget(callId: string): void {
    const actor = this.actors.get(callId);
    if (!actor || actor.call.recordings.some((each) => each.state === 'recording')) return;
    this.remove(callId, actor);
  }

  private remove(callId: string, actor: CallActor): void {
    for (const leg of actor.call.legs) this.byChannel.delete(leg.channelId);
    const known = knownAs(actor.call);
    if (this.carried.get(known) === callId) this.carried.delete(known);
    this.actors.delete(callId);
  }
}
