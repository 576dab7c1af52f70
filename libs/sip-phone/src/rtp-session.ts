import type dgram from 'node:dgram';
import { parseRtp, parseTelephoneEvent, type RtpPacket } from './rtp-packet.js';
import { RtpCounter, type RtpStatistics } from './rtp-statistics.js';
import { ulawOf } from './rtp-sender.js';
import { bindUdp, closeUdp, sendUdp } from './sip-transport.js';
import type { CodecName } from './sdp.js';
import type { HostPort } from './sip-address.js';

/** A key that arrived as telephone event; ms of performance.now(). */
export interface DigitHeard {
  readonly digit: string;
  readonly atMs: number;
  readonly durationMs: number;
}

export interface RtpListener {
  /** An audio packet, duplicates left out. */
  readonly onAudio: (frame: { readonly atMs: number; readonly place: number; readonly ulaw: Uint8Array }) => void;
  /** A key, once, when its end arrives or something else shows that it is over. */
  readonly onDigit: (digit: DigitHeard) => void;
}

/** Which payload types mean what, by the last session description. */
export interface ReceiveFormat {
  readonly codecs: readonly { readonly name: CodecName; readonly payloadType: number }[];
  readonly eventType: number | undefined;
}

interface OpenDigit {
  readonly timestamp: number;
  readonly ssrc: number;
  readonly digit: string;
  readonly atMs: number;
  duration: number;
  reported: boolean;
}

/** One UDP socket for one call's RTP, both ways. Datagrams that aren't RTP of this call are dropped and counted. */
export class RtpSession {
  /** Not RTP, or of a payload type that wasn't agreed on. */
  strayPackets = 0;
  private readonly counter = new RtpCounter();
  private format: ReceiveFormat = { codecs: [{ name: 'PCMU', payloadType: 0 }], eventType: undefined };
  private remote: HostPort | undefined;
  private open = true;
  private digit: OpenDigit | undefined;

  private constructor(
    private readonly socket: dgram.Socket,
    private readonly listener: RtpListener,
  ) {
    socket.on('message', (datagram) => this.receive(datagram, performance.now()));
    socket.on('error', () => undefined);
  }

  static async bind(address: string, listener: RtpListener): Promise<RtpSession> {
    return new RtpSession(await bindUdp(address, 0), listener);
  }

  get port(): number {
    return this.socket.address().port;
  }

  setFormat(format: ReceiveFormat): void {
    this.format = format;
  }

  /** Where to send; undefined holds sending back. */
  setRemote(remote: HostPort | undefined): void {
    this.remote = remote;
  }

  send(packet: Uint8Array): void {
    if (this.open && this.remote !== undefined) sendUdp(this.socket, packet, this.remote);
  }

  statistics(): RtpStatistics {
    return this.counter.statistics();
  }

  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await closeUdp(this.socket);
  }

  private receive(datagram: Uint8Array, atMs: number): void {
    const packet = parseRtp(datagram);
    const codec = this.format.codecs.find((each) => each.payloadType === packet?.payloadType)?.name;
    const isEvent = packet !== undefined && packet.payloadType === this.format.eventType;
    if (packet === undefined || (codec === undefined && !isEvent)) {
      this.strayPackets += 1;
      return;
    }
    const place = this.counter.take(packet, atMs, !isEvent);
    if (place === undefined) return;
    if (codec === undefined) this.takeEvent(packet, atMs);
    else {
      this.finishDigitBefore(packet);
      this.listener.onAudio({ atMs, place, ulaw: ulawOf(codec, packet.payload) });
    }
  }

  private takeEvent(packet: RtpPacket, atMs: number): void {
    const event = parseTelephoneEvent(packet.payload);
    if (event === undefined) return;
    if (this.digit === undefined || this.digit.timestamp !== packet.timestamp || this.digit.ssrc !== packet.ssrc) {
      // A straggler of the key before must not be a key of its own.
      if (this.digit !== undefined && this.digit.ssrc === packet.ssrc && isBefore(packet.timestamp, this.digit.timestamp)) return;
      this.report();
      this.digit = { timestamp: packet.timestamp, ssrc: packet.ssrc, digit: event.digit, atMs, duration: 0, reported: false };
    }
    this.digit.duration = Math.max(this.digit.duration, event.duration);
    if (event.end) this.report();
  }

  /** Audio that was spoken after the key means that all three end packets were lost. */
  private finishDigitBefore(packet: RtpPacket): void {
    if (this.digit === undefined || this.digit.reported) return;
    if (this.digit.ssrc !== packet.ssrc || isBefore((this.digit.timestamp + this.digit.duration) >>> 0, packet.timestamp)) this.report();
  }

  private report(): void {
    if (this.digit === undefined || this.digit.reported) return;
    this.digit.reported = true;
    this.listener.onDigit({ digit: this.digit.digit, atMs: this.digit.atMs, durationMs: this.digit.duration / 8 });
  }
}

/** Order of 32-bit timestamps that wrap. */
const isBefore = (a: number, b: number): boolean => a !== b && ((b - a) >>> 0) < 0x8000_0000;
