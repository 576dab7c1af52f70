import { encodeUlaw, tone } from '@troncal/audio';
import { randomInt } from 'node:crypto';
import type { CallWaiting } from './call-waiting.js';
import { Heard } from './heard.js';
import { isDigit } from './rtp-packet.js';
import { RtpSender, type Played, type SendStatistics } from './rtp-sender.js';
import { RtpSession, type DigitHeard, type RtpListener } from './rtp-session.js';
import type { RtpStatistics } from './rtp-statistics.js';
import { answerDirection, formatSdp, offeredCodecs, parseSdp, type CodecName, type Direction, type LocalAudio, type RemoteAudio } from './sdp.js';
import { SdpError } from './sip-phone.errors.js';

export interface CallMediaOptions {
  readonly bindAddress: string;
  /** The address that descriptions name. */
  readonly localAddress: string;
  readonly codecs: readonly CodecName[];
  readonly silenceWhenIdle: boolean;
  readonly firstSequence: number | undefined;
}

const EVENT_TYPE = 101;

/** One call's audio: what was agreed on, what is sent, what was heard. */
export class CallMedia {
  readonly heard: Heard;
  readonly digitsHeard: DigitHeard[] = [];
  private readonly sender: RtpSender;
  private version = 0;
  private readonly sessionId = randomInt(1, 2 ** 31);
  private direction: Direction = 'sendrecv';
  private remote: RemoteAudio | undefined;
  private session: RtpSession | undefined;

  private constructor(
    private readonly options: CallMediaOptions,
    waiting: CallWaiting,
  ) {
    this.heard = new Heard(waiting);
    this.sender = new RtpSender((packet) => this.session?.send(packet), options.silenceWhenIdle, options.firstSequence);
  }

  static async open(options: CallMediaOptions, waiting: CallWaiting, listener: Pick<RtpListener, 'onDigit'> & { readonly onUlaw: (ulaw: Uint8Array) => void }): Promise<CallMedia> {
    const media = new CallMedia(options, waiting);
    media.session = await RtpSession.bind(options.bindAddress, {
      onAudio: (frame) => {
        media.heard.add(frame);
        listener.onUlaw(frame.ulaw);
        waiting.look();
      },
      onDigit: (digit) => {
        media.digitsHeard.push(digit);
        listener.onDigit(digit);
        waiting.look();
      },
    });
    return media;
  }

  /** The codec sent, once agreed on. */
  get codec(): CodecName | undefined {
    return this.remote?.codecs[0]?.name;
  }

  /** Whether the other side has put us on hold: it doesn't want to hear us. */
  get heldByRemote(): boolean {
    return this.remote !== undefined && (this.remote.direction === 'sendonly' || this.remote.direction === 'inactive');
  }

  /** An offer. In a re-INVITE the direction may change: `sendonly` is hold. */
  offer(direction: Direction = 'sendrecv'): string {
    this.direction = direction;
    const local = { ...this.local(), codecs: offeredCodecs(this.options.codecs), eventType: EVENT_TYPE };
    // Our offer's payload types may come before the answer does.
    this.session?.setFormat(local);
    return formatSdp(local);
  }

  /** Takes the answer to `offer`. Throws SdpError when it can't be used. */
  takeAnswer(sdp: string): void {
    this.sendAs(this.common(parseSdp(sdp)));
  }

  /** Takes an offer and answers it. Throws SdpError when nothing is in common; what was agreed before stays in force. */
  answer(sdp: string): string {
    const remote = this.common(parseSdp(sdp));
    this.sendAs(remote);
    // An answer repeats the offer's payload types, so they hold both ways.
    this.session?.setFormat({ codecs: remote.codecs, eventType: remote.eventType });
    this.direction = answerDirection(remote.direction);
    return formatSdp({ ...this.local(), codecs: remote.codecs.slice(0, 1), eventType: remote.eventType }, remote);
  }

  /** The call is up: sending begins. */
  start(): void {
    this.sender.start();
  }

  play(audio: Uint8Array | Int16Array): Promise<Played> {
    return this.sender.play(audio instanceof Int16Array ? encodeUlaw(audio) : audio);
  }

  playTone(hz: number | readonly number[], ms: number, level?: number): Promise<Played> {
    return this.play(tone(hz, ms, level === undefined ? {} : { level }));
  }

  stopPlaying(): void {
    this.sender.stopAudio();
  }

  sendDigits(digits: string, durationMs: number, gapMs: number): Promise<Played> {
    const wrong = Array.from(digits).filter((digit) => !isDigit(digit));
    if (wrong.length > 0) throw new RangeError(`'${wrong.join('')}' can't be dialled: use 0-9, *, # or A-D`);
    if (this.remote?.eventType === undefined) throw new SdpError('the other side takes no telephone events: play dtmfTones() of @troncal/audio instead');
    return this.sender.sendDigits(digits, durationMs, gapMs);
  }

  statistics(): { readonly received: RtpStatistics; readonly sent: SendStatistics; readonly strayPackets: number } {
    const received = this.session?.statistics();
    if (received === undefined) throw new Error('the call has no RTP session yet');
    return { received, sent: this.sender.statistics(), strayPackets: this.session?.strayPackets ?? 0 };
  }

  async close(): Promise<void> {
    this.sender.stop();
    await this.session?.close();
  }

  private local(): LocalAudio {
    this.version += 1;
    return {
      sessionId: this.sessionId,
      version: this.version,
      address: { host: this.options.localAddress, port: this.session?.port ?? 0 },
      codecs: [],
      eventType: undefined,
      direction: this.direction,
    };
  }

  /** The other side's audio with only what this phone was told to speak, in the other side's order. */
  private common(remote: RemoteAudio): RemoteAudio {
    const codecs = remote.codecs.filter((codec) => this.options.codecs.includes(codec.name));
    if (codecs.length === 0) throw new SdpError(`no codec in common: it speaks ${remote.codecs.map((codec) => codec.name).join(', ')}, this phone ${this.options.codecs.join(', ')}`);
    return { ...remote, codecs };
  }

  private sendAs(remote: RemoteAudio): void {
    this.remote = remote;
    const [codec] = remote.codecs;
    if (codec === undefined) return;
    this.sender.setFormat({ codec: codec.name, payloadType: codec.payloadType, eventType: remote.eventType });
    this.session?.setRemote(this.heldByRemote ? undefined : remote.address);
  }
}
