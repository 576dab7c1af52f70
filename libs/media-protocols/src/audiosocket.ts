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

/** Takes what a stream held, in its order. */
export interface AudioSocketListener {
  /** Lower-case, with dashes. */
  uuid(uuid: string): void;
  /** 16-bit little-endian mono. The bytes hold during the call only. */
  audio(rate: number, bytes: Uint8Array): void;
  digit(digit: string): void;
  hangup(): void;
  error(code: Uint8Array): void;
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

const uuidOf = (bytes: Uint8Array): string => hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/**
 * Parses the stream in whatever pieces it arrives, with no copy of what arrives whole. A header is judged before its payload is waited for, so at
 * most `maxPayload` bytes are ever kept. After a fault it gives that fault only.
 */
export class AudioSocketParser {
  /** A message whose end hasn't come; grows to the longest one seen. */
  private kept = new Uint8Array(HEADER_BYTES);
  private keptBytes = 0;
  private fault: AudioSocketError | undefined;

  constructor(
    private readonly listener: AudioSocketListener,
    private readonly maxPayload = MAX_AUDIOSOCKET_PAYLOAD,
  ) {}

  /** Tells the listener of all messages completed by this piece, then returns the fault that ended the stream, if any. */
  push(piece: Uint8Array): AudioSocketError | undefined {
    let at = this.keptBytes > 0 ? this.complete(piece) : 0;
    while (this.fault === undefined && at + HEADER_BYTES <= piece.length) {
      const length = this.lengthAt(piece, at);
      if (this.fault !== undefined || at + HEADER_BYTES + length > piece.length) break;
      this.tell(piece[at]!, piece.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length));
      at += HEADER_BYTES + length;
    }
    if (this.fault === undefined && at < piece.length) this.keep(piece, at, piece.length - at);
    return this.fault;
  }

  /** Fills the kept message up; returns where in the piece it ended. */
  private complete(piece: Uint8Array): number {
    let at = this.keep(piece, 0, Math.max(0, HEADER_BYTES - this.keptBytes));
    if (this.keptBytes < HEADER_BYTES) return at;
    const length = this.lengthAt(this.kept, 0);
    if (this.fault !== undefined) return at;
    at += this.keep(piece, at, HEADER_BYTES + length - this.keptBytes);
    if (this.keptBytes === HEADER_BYTES + length) {
      this.keptBytes = 0;
      this.tell(this.kept[0]!, this.kept.subarray(HEADER_BYTES, HEADER_BYTES + length));
    }
    return at;
  }

  private keep(piece: Uint8Array, at: number, wanted: number): number {
    const part = piece.subarray(at, at + wanted);
    if (this.keptBytes + part.length > this.kept.length) {
      const larger = new Uint8Array(this.keptBytes + Math.max(wanted, part.length));
      larger.set(this.kept.subarray(0, this.keptBytes));
      this.kept = larger;
    }
    this.kept.set(part, this.keptBytes);
    this.keptBytes += part.length;
    return part.length;
  }

  private lengthAt(bytes: Uint8Array, at: number): number {
    const length = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    this.fault = headerFault(bytes[at]!, length, this.maxPayload);
    return length;
  }

  private tell(kind: number, payload: Uint8Array): void {
    const rate = RATES.get(kind);
    if (rate !== undefined) this.listener.audio(rate, payload);
    else if (kind === KIND.dtmf) this.listener.digit(String.fromCharCode(payload[0]!));
    else if (kind === KIND.uuid) this.listener.uuid(uuidOf(payload));
    else if (kind === KIND.hangup) this.listener.hangup();
    else this.listener.error(payload);
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
