/**
 * AudioSocket's framing: one byte kind, two bytes length (big-endian), payload. Facts from Asterisk 22.10.1,
 * include/asterisk/res_audiosocket.h, and from trials: a length of 0 in an audio message, or any kind but hangup and audio, sent to
 * Asterisk ends the call; so do 2,000 ms without a message either way; Asterisk paces nothing it is given.
 */

/** Kind bytes of audio by sample rate: signed 16-bit little-endian mono. All but 8 kHz since 22.7.0. */
const AUDIO_KINDS: ReadonlyMap<number, number> = new Map([
  [8000, 0x10],
  [12_000, 0x11],
  [16_000, 0x12],
  [24_000, 0x13],
  [32_000, 0x14],
  [44_100, 0x15],
  [48_000, 0x16],
  [96_000, 0x17],
  [192_000, 0x18],
]);
const RATES: ReadonlyMap<number, number> = new Map([...AUDIO_KINDS].map(([rate, kind]) => [kind, rate]));
const KIND = { hangup: 0x00, uuid: 0x01, dtmf: 0x03, error: 0xff } as const;
const HEADER_BYTES = 3;

/** Longest payload taken unless told otherwise: two frames of the highest rate. */
export const MAX_AUDIOSOCKET_PAYLOAD = 16_384;

export type AudioSocketMessage =
  /** First message of a connection: which call this is, lower-case UUID with dashes. */
  | { readonly kind: 'uuid'; readonly uuid: string }
  /** `bytes`: 16-bit little-endian mono; see `samplesOfSlin`. */
  | { readonly kind: 'audio'; readonly rate: number; readonly bytes: Uint8Array }
  /** Asterisk to us only. */
  | { readonly kind: 'dtmf'; readonly digit: string }
  | { readonly kind: 'hangup' }
  /** Defined, but never sent by Asterisk 22.10. */
  | { readonly kind: 'error'; readonly code: Uint8Array };

/** The byte stream isn't AudioSocket: nothing after this point can be trusted, close the connection. */
export class AudioSocketError extends Error {
  override readonly name = 'AudioSocketError';
}

/** What a piece of the stream held: all messages completed by it, then the fault that ended the stream, if any. */
export interface AudioSocketParsed {
  readonly messages: readonly AudioSocketMessage[];
  readonly fault?: AudioSocketError;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const kindName = (kind: number): string => `kind 0x${kind.toString(16).padStart(2, '0')}`;

/** The lengths that each kind may have, judged by the header alone so that a lying one costs no memory. */
function headerFault(kind: number, length: number, maxPayload: number): AudioSocketError | undefined {
  const rate = RATES.get(kind);
  if (rate === undefined && kind !== KIND.hangup && kind !== KIND.uuid && kind !== KIND.dtmf && kind !== KIND.error) {
    return new AudioSocketError(`unknown ${kindName(kind)} with length ${length}`);
  }
  if (length > maxPayload) return new AudioSocketError(`${kindName(kind)} announces ${length} bytes, the limit is ${maxPayload}`);
  if (kind === KIND.uuid && length !== 16) return new AudioSocketError(`a UUID has 16 bytes, not ${length}`);
  if (kind === KIND.dtmf && length !== 1) return new AudioSocketError(`a DTMF message has 1 byte, not ${length}`);
  if (rate !== undefined && (length === 0 || length % 2 !== 0)) return new AudioSocketError(`audio of ${rate} Hz must be whole 16-bit samples, got ${length} bytes`);
  return undefined;
}

function messageOf(kind: number, payload: Uint8Array): AudioSocketMessage {
  const rate = RATES.get(kind);
  if (rate !== undefined) return { kind: 'audio', rate, bytes: payload };
  if (kind === KIND.uuid) return { kind: 'uuid', uuid: hex(payload).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
  if (kind === KIND.dtmf) return { kind: 'dtmf', digit: String.fromCharCode(payload[0]!) };
  return kind === KIND.hangup ? { kind: 'hangup' } : { kind: 'error', code: payload };
}

/** Parses the stream in whatever pieces it arrives. After a fault it gives that fault only. Payloads are copies. */
export class AudioSocketParser {
  private readonly header = new Uint8Array(HEADER_BYTES);
  private headerFilled = 0;
  private payload: Uint8Array | undefined;
  private payloadFilled = 0;
  private fault: AudioSocketError | undefined;

  constructor(private readonly maxPayload = MAX_AUDIOSOCKET_PAYLOAD) {}

  push(piece: Uint8Array): AudioSocketParsed {
    const messages: AudioSocketMessage[] = [];
    let at = 0;
    while (this.fault === undefined && (at < piece.length || this.payload?.length === this.payloadFilled)) {
      at += this.payload === undefined ? this.takeHeader(piece, at) : this.takePayload(this.payload, piece, at, messages);
    }
    return this.fault === undefined ? { messages } : { messages, fault: this.fault };
  }

  private takeHeader(piece: Uint8Array, at: number): number {
    const part = piece.subarray(at, at + HEADER_BYTES - this.headerFilled);
    this.header.set(part, this.headerFilled);
    this.headerFilled += part.length;
    if (this.headerFilled === HEADER_BYTES) {
      const length = (this.header[1]! << 8) | this.header[2]!;
      this.fault = headerFault(this.header[0]!, length, this.maxPayload);
      this.payload = this.fault === undefined ? new Uint8Array(length) : undefined;
      this.payloadFilled = 0;
    }
    return part.length;
  }

  private takePayload(payload: Uint8Array, piece: Uint8Array, at: number, messages: AudioSocketMessage[]): number {
    const part = piece.subarray(at, at + payload.length - this.payloadFilled);
    payload.set(part, this.payloadFilled);
    this.payloadFilled += part.length;
    if (this.payloadFilled === payload.length) {
      messages.push(messageOf(this.header[0]!, payload));
      this.payload = undefined;
      this.headerFilled = 0;
    }
    return part.length;
  }
}

function frame(kind: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(HEADER_BYTES + payload.length);
  out.set([kind, payload.length >> 8, payload.length & 0xff]);
  out.set(payload, HEADER_BYTES);
  return out;
}

/** The bytes of a message. Throws AudioSocketError for what a receiver would refuse: unknown rate, no or half samples, oversize, bad UUID or digit. */
export function encodeAudioSocket(message: AudioSocketMessage): Uint8Array<ArrayBuffer> {
  const { kind, payload } = partsOf(message);
  const fault = headerFault(kind, payload.length, 0xffff);
  if (fault !== undefined) throw fault;
  return frame(kind, payload);
}

function partsOf(message: AudioSocketMessage): { readonly kind: number; readonly payload: Uint8Array } {
  switch (message.kind) {
    case 'audio': {
      const kind = AUDIO_KINDS.get(message.rate);
      if (kind === undefined) throw new AudioSocketError(`AudioSocket has no rate of ${message.rate} Hz, only ${[...AUDIO_KINDS.keys()].join(', ')}`);
      return { kind, payload: message.bytes };
    }
    case 'uuid': {
      const digits = message.uuid.replaceAll('-', '');
      if (!/^[0-9a-f]{32}$/i.test(digits)) throw new AudioSocketError(`'${message.uuid.slice(0, 60)}' is no UUID`);
      return { kind: KIND.uuid, payload: Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)) };
    }
    case 'dtmf':
      return { kind: KIND.dtmf, payload: new TextEncoder().encode(message.digit) };
    case 'hangup':
      return { kind: KIND.hangup, payload: new Uint8Array(0) };
    case 'error':
      return { kind: KIND.error, payload: message.code };
  }
}

/** Samples of AudioSocket's payload (16-bit little-endian); an odd last byte is left out. */
export function samplesOfSlin(bytes: Uint8Array): Int16Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(2 * i, true));
}

/** AudioSocket's payload of samples (16-bit little-endian). */
export function slinOfSamples(samples: Int16Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(2 * samples.length));
  samples.forEach((sample, i) => view.setInt16(2 * i, sample, true));
  return new Uint8Array(view.buffer);
}
