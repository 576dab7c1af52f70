import type { AriClient, Unsubscribe } from '@troncal/ari';
import type { Logger } from '@troncal/observability';
import { hangUpEar, MESSAGE_ARGUMENT, messageChannel } from '../recordings/message-tap.js';
import type { RecordingSettler } from '../recordings/recording-settler.js';
import type { AcceptCaller } from './accept-caller.js';
import type { CallRegistry } from './call-registry.js';
import { readOutId, readPlaybackId } from './drive/prompt-player.js';
import { isConferenceRoom, type SideRooms } from './drive/side-rooms.js';

/** Q.850 16, normal clearing: Asterisk tells 0 when it knows nothing better. */
const NORMAL = 16;

/** ARI's events, as messages to calls. */
export class StasisListener {
  private readonly stops: Unsubscribe[] = [];
  /** A leg's cause is told before its end, where it is told at all. */
  private readonly causes = new Map<string, number>();

  constructor(
    private readonly ari: AriClient,
    private readonly registry: CallRegistry,
    private readonly accept: AcceptCaller,
    private readonly recordings: RecordingSettler,
    private readonly rooms: SideRooms,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const { ari, registry } = this;
    this.stops.push(
      ari.on('StasisStart', async ({ channel, args }) => {
        if (args[0] === 'leg') registry.tellChannel(channel.id, { kind: 'leg_up', channelId: channel.id });
        else if (args[0] === MESSAGE_ARGUMENT) return;
        else if (args[0] === 'room' && args[1] !== undefined) await this.rooms.put(args[1], [channel.id]);
        else await this.accept.run(channel, args);
      }),
      ari.on('ChannelStateChange', ({ channel }) => {
        if (channel.state === 'Ringing') registry.tellChannel(channel.id, { kind: 'leg_ringing', channelId: channel.id });
      }),
      ari.on('ChannelDtmfReceived', ({ channel, digit }) => registry.tellChannel(channel.id, { kind: 'digit', channelId: channel.id, digit })),
      ari.on('ChannelHangupRequest', ({ channel, cause }) => {
        if (cause !== undefined && registry.ofChannel(channel.id)) this.causes.set(channel.id, cause);
      }),
      // Whichever comes first ends the leg: after StasisEnd a channel may live on in the dialplan, out of our hands.
      ari.on('StasisEnd', ({ channel }) => this.gone(channel.id, this.causes.get(channel.id) ?? NORMAL)),
      ari.on('ChannelDestroyed', ({ channel, cause }) => {
        this.gone(channel.id, cause);
        this.causes.delete(channel.id);
      }),
      ari.on('PlaybackFinished', ({ playback }) => {
        const ours = readPlaybackId(playback.id);
        if (ours) registry.tell(ours.callId, { kind: 'flow', input: { kind: 'said', step: ours.step } });
        const out = readOutId(playback.id);
        if (out) registry.tell(out.callId, { kind: 'played', playbackId: out.playbackId, outcome: playback.state === 'failed' ? 'failed' : 'completed' });
      }),
      // A conference goes with its last party.
      ari.on('ChannelLeftBridge', async ({ bridge }) => {
        if (isConferenceRoom(bridge.id) && bridge.channels.length === 0) await this.rooms.clear(bridge.id);
      }),
      ari.on('RecordingFinished', ({ recording }) => {
        if (recording.target_uri === `channel:${messageChannel(recording.name)}`) this.takeEarAway(recording.name);
        return this.recordings.finished(recording.name);
      }),
      ari.on('RecordingFailed', ({ recording }) => {
        this.logger.warn({ recording: recording.name, reason: recording.cause }, 'a recording failed');
        return this.recordings.finished(recording.name);
      }),
    );
  }

  stop(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  /** Nobody waits for it; one that stays is taken away by the next reconciliation, or goes with its caller. */
  private takeEarAway(recordingId: string): void {
    hangUpEar(this.ari, recordingId).catch((error: unknown) => this.logger.warn({ recording: recordingId, err: error }, 'the channel of a message could not be taken away'));
  }

  private gone(channelId: string, cause: number): void {
    this.registry.tellChannel(channelId, { kind: 'leg_gone', channelId, cause: cause === 0 ? NORMAL : cause });
  }
}
