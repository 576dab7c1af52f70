import { AriError, isGone, type AriClient, type AriSnapshot, type Bridge, type Channel } from '@troncal/ari';
import { errorText, isCallId } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { AcceptCaller } from '../calls/accept-caller.js';
import type { CallActor } from '../calls/call-actor.js';
import type { CallRegistry } from '../calls/call-registry.js';
import type { CallRepository } from '../calls/call.repository.js';
import { ownerHalfOf } from '../calls/drive/leg-dialler.js';
import { callOfBridge, isConferenceRoom } from '../calls/drive/side-rooms.js';
import type { CallBridges } from '../calls/drive/call-bridges.js';
import type { Seats } from '../calls/drive/seats.js';
import type { OwnerToken } from '../edges/owner-token.js';
import type { QueueWatch } from '../queues/queue-watch.js';
import { messageChannel, messageOfChannel } from '../recordings/message-tap.js';
import type { RecordingSettler } from '../recordings/recording-settler.js';

/** Looks at Asterisk in a row, when somebody hangs up during each. */
const LOOKS = 5;

export interface ReconcilePorts {
  readonly ari: AriClient;
  readonly token: OwnerToken;
  readonly calls: CallRepository;
  readonly bridges: CallBridges;
  readonly seats: Seats;
  readonly accept: AcceptCaller;
  readonly recordings: RecordingSettler;
  readonly queues: QueueWatch;
  readonly edgeId: string;
}

export interface Reconciled {
  readonly reownedCalls: number;
  readonly endedCalls: number;
}

/**
 * Makes what we know and what Asterisk has agree, after every connection: calls whose caller is there are taken up where they were, calls
 * whose caller is gone have ended, callers whom nobody took in are taken in, and whatever else of ours is left in Asterisk is removed.
 */
export class ReconcileEdge {
  private knowsStored = false;
  /** Calls of another process that were opened here and have not heard of it yet: a run that failed leaves them to the next. */
  private readonly untold = new Set<CallActor>();

  constructor(
    private readonly registry: CallRegistry,
    private readonly ports: ReconcilePorts,
    private readonly logger: Logger,
  ) {}

  /**
   * @param before the calls in hand when the connection came up: those that began with it have missed nothing
   * @param wanted false once the edge was let go of: what is stored is somebody else's then
   * @throws AriError when Asterisk can't be asked; nothing is half done then that another run doesn't mend
   */
  async run(before: readonly CallActor[], wanted: () => boolean): Promise<Reconciled> {
    const { calls, bridges, edgeId } = this.ports;
    const stored = await this.storedCalls(() => calls.live(edgeId));
    if (!wanted()) throw new Error(`Edge ${edgeId} was let go of while its calls were read.`);
    for (const call of stored) if (!this.registry.find(call.callId)) this.untold.add(this.registry.open(call));
    const known = new Map([...before, ...this.untold].map((actor) => [actor, legsOf(actor)]));
    const { snapshot, states } = await this.lookAndListen();
    for (const { call } of known.keys()) bridges.forget(call.callId);
    const after = await Promise.all([...known].map(async ([actor, legs]) => {
      const call = await actor.ask({ kind: 'reowned', channels: states, legs, restarted: this.untold.has(actor) });
      this.untold.delete(actor);
      return call;
    }));
    await this.ports.queues.lookAtAll();
    // What is removed now can't be put back: once more that nobody newer has come while all this was asked.
    await this.ports.token.claim();
    // Side by side: nobody waits for another's, and Asterisk takes its time over each on a machine where everything starts at once.
    await Promise.all(snapshot.channels.map((channel) => this.settleChannel(channel)));
    await this.removeBridges(snapshot);
    // Aside: no call waits for what an ended one has left.
    void this.ports.recordings.settleOpen(edgeId).catch((error: unknown) => this.logger.warn({ reason: errorText(error) }, 'open recordings could not be settled yet'));
    const endedCalls = after.filter((call) => call.state === 'ended').length;
    return { reownedCalls: after.length - endedCalls, endedCalls };
  }

  /** With the database away the calls in memory are all there is; but an owner who has never read what is stored has none, and waits. */
  private async storedCalls<T>(read: () => Promise<T[]>): Promise<T[]> {
    return read().then((rows) => {
      this.knowsStored = true;
      return rows;
    }).catch((error: unknown) => {
      if (!this.knowsStored) throw error;
      this.logger.warn({ reason: errorText(error) }, 'reconciling without the database, from memory alone');
      return [];
    });
  }

  /** What there is, and its events from then on: somebody may hang up between the look and the subscription, and is not there at the next look. */
  private async lookAndListen(): Promise<{ readonly snapshot: AriSnapshot; readonly states: Readonly<Record<string, string>> }> {
    for (let look = 1; ; look += 1) {
      this.ports.seats.look();
      const snapshot = await this.ports.ari.reconcile();
      this.ports.seats.found(snapshot.bridges);
      const states = Object.fromEntries(snapshot.channels.map((channel) => [channel.id, channel.state]));
      try {
        await this.listenAgain(snapshot, states);
        return { snapshot, states };
      } catch (error) {
        if (!(error instanceof AriError && error.ariStatus === 422) || look === LOOKS) throw error;
      }
    }
  }

  /** The application forgot its subscriptions when we were away. */
  private async listenAgain(snapshot: AriSnapshot, states: Readonly<Record<string, string>>): Promise<void> {
    const channels = this.registry.live(this.ports.edgeId).flatMap(({ call }) => [
      ...call.legs.filter((leg) => leg.state !== 'ended').map((leg) => leg.channelId),
      ...call.recordings.filter((each) => each.state === 'recording' && each.voicemail).map((each) => messageChannel(each.recordingId)),
    ].filter((channelId) => Object.hasOwn(states, channelId)).map((channelId) => `channel:${channelId}`));
    const bridges = snapshot.bridges.filter((bridge) => this.registry.find(bridge.id)).map((bridge) => `bridge:${bridge.id}`);
    const eventSource = [...channels, ...bridges];
    await this.ports.ari.listenTo(eventSource);
  }

  private async settleChannel(channel: Channel): Promise<void> {
    const args = applicationArgs(channel, this.ports.ari.app);
    const owner = this.registry.ofChannel(channel.id);
    if (owner && owner.call.state !== 'ended') {
      const leg = owner.call.legs.find((each) => each.channelId === channel.id);
      if (leg && leg.state !== 'ended') return;
    }
    if (this.isWantedEar(channel.id)) return;
    // Somebody entered while nobody was listening, or before its first step was stored.
    if (!owner && args?.[0] === 'inbound') return this.ports.accept.run(channel, args);
    const ours = args !== undefined || isCallId(channel.id) || ownerHalfOf(channel.id) !== undefined;
    // The far half of a queue's or conference's leg is alive as long as its near half is ours.
    const near = ownerHalfOf(channel.id);
    if (!ours || (near !== undefined && this.registry.ofChannel(near)?.call.legs.some((leg) => leg.channelId === near && leg.state !== 'ended'))) return;
    this.logger.info({ channel: channel.name }, 'an orphan channel is hung up');
    await this.ports.ari.channels.hangup({ channelId: channel.id }).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  /** A message that is being taken goes on. */
  private isWantedEar(channelId: string): boolean {
    const recordingId = messageOfChannel(channelId);
    const call = recordingId === undefined ? undefined : this.registry.withRecording(recordingId)?.call;
    return call !== undefined && call.state !== 'ended' && call.recordings.some((each) => each.recordingId === recordingId && each.state === 'recording');
  }

  /** A call's own bridges as long as it lives; a conference's as long as somebody is in it, and it goes by itself. */
  private wanted(bridge: Bridge): boolean {
    if (isConferenceRoom(bridge.id)) return bridge.channels.length > 0;
    const call = this.registry.find(callOfBridge(bridge.id) ?? '')?.call;
    if (!call || call.state === 'ended') return false;
    const room = bridge.id.slice(call.callId.length + 1);
    return room === '' || (room === 'consult' && call.consult !== null) || call.snoops.some((snoop) => snoop.legId === room);
  }

  private async removeBridges(snapshot: AriSnapshot): Promise<void> {
    const orphans = snapshot.bridges.filter((bridge) => bridge.name === 'troncal' && !this.wanted(bridge));
    await Promise.all(orphans.map(async (bridge) => {
      this.logger.info({ bridge: bridge.id }, 'an orphan bridge is removed');
      await this.ports.bridges.destroy(bridge.id);
    }));
  }
}

const legsOf = (actor: CallActor): string[] => actor.call.legs.filter((leg) => leg.state !== 'ended').map((leg) => leg.channelId);

/** The arguments with which a channel is in our application: `troncal,inbound,…`; undefined when it isn't. */
function applicationArgs(channel: Channel, app: string): string[] | undefined {
  const [name, ...args] = channel.dialplan.app_name === 'Stasis' ? channel.dialplan.app_data.split(',') : [];
  return name === app ? args : undefined;
}
