/** One RTP packet, RFC 3550 section 5.1, without extensions and contributing sources. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  /** 16 bits. */
  readonly sequence: number;
  /** 32 bits, in samples. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 12;
/** RTCP shares the number space of the second byte (RFC 5761, 4); a peer may send it to a neighbour's port. */
const isRtcp = (secondByte: number): boolean => secondByte >= 192 && secondByte <= 223;

export function formatRtp(packet: RtpPacket): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(HEADER_BYTES + packet.payload.length);
  const view = new DataView(out.buffer);
  out[0] = 0x80;
  out[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  view.setUint16(2, packet.sequence);
  view.setUint32(4, packet.timestamp);
  view.setUint32(8, packet.ssrc);
  out.set(packet.payload, HEADER_BYTES);
  return out;
}

/** Reads one datagram; undefined for whatever isn't RTP version 2. Never throws. */
export function parseRtp(datagram: Uint8Array): RtpPacket | undefined {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  if (datagram.length < HEADER_BYTES || view.getUint8(0) >> 6 !== 2 || isRtcp(view.getUint8(1))) return undefined;
  let from = HEADER_BYTES + 4 * (view.getUint8(0) & 0x0f);
  if ((view.getUint8(0) & 0x10) !== 0) {
    if (datagram.length < from + 4) return undefined;
    from += 4 + 4 * view.getUint16(from + 2);
  }
  const padding = (view.getUint8(0) & 0x20) === 0 ? 0 : view.getUint8(datagram.length - 1);
  if (from + padding > datagram.length) return undefined;
  return {
    payloadType: view.getUint8(1) & 0x7f,
    marker: (view.getUint8(1) & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: datagram.slice(from, datagram.length - padding),
  };
}

/** A telephone-event payload, RFC 4733 section 2.3. */
export interface TelephoneEvent {
  /** 0-9, *, #, A-D. */
  readonly digit: string;
  readonly end: boolean;
  /** Since the event's timestamp, in samples of 8 kHz. */
  readonly duration: number;
}

const EVENT_DIGITS = '0123456789*#ABCD';
/** -10 dBm0: what telephones send. */
const EVENT_VOLUME = 10;

export const isDigit = (digit: string): boolean => digit.length === 1 && EVENT_DIGITS.includes(digit.toUpperCase());

export function formatTelephoneEvent(event: TelephoneEvent): Uint8Array<ArrayBuffer> {
  const duration = Math.min(event.duration, 0xffff);
  return Uint8Array.of(EVENT_DIGITS.indexOf(event.digit.toUpperCase()), (event.end ? 0x80 : 0) | EVENT_VOLUME, duration >> 8, duration & 0xff);
}

/** Undefined for events that are no keys (flash, tones) and for short payloads. */
export function parseTelephoneEvent(payload: Uint8Array): TelephoneEvent | undefined {
  const [event, flags, high, low] = payload;
  const digit = event === undefined ? undefined : EVENT_DIGITS[event];
  if (digit === undefined || flags === undefined || high === undefined || low === undefined) return undefined;
  return { digit, end: (flags & 0x80) !== 0, duration: (high << 8) | low };
}
