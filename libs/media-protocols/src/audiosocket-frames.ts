/** Bytes of one 20 ms audio message at 8 kHz, header included. */
export const AUDIOSOCKET_FRAME_BYTES = 323;
const FRAME = 160;
const HEADER = [0x10, 0x01, 0x40] as const;

/** What a codec of G.711 must do here; `SlinCodec` of libs/audio does. */
interface Decoder {
  decodeInto(wire: Uint8Array, target: Uint8Array, at: number): void;
}

/** Makes AudioSocket's 20 ms messages (slin, 8 kHz) of G.711, many at once, so that pacing them allocates no audio. */
export class AudioSocketFrames {
  constructor(private readonly codec: Decoder) {}

  /** The messages of these frames one behind the other, `AUDIOSOCKET_FRAME_BYTES` each. Throws RangeError unless they are whole frames of 160 bytes. */
  of(g711: Uint8Array): Uint8Array<ArrayBuffer> {
    const frames = g711.length / FRAME;
    if (!Number.isInteger(frames)) throw new RangeError(`${g711.length} bytes are no whole frames of ${FRAME}`);
    const out = new Uint8Array(frames * AUDIOSOCKET_FRAME_BYTES);
    for (let frame = 0; frame < frames; frame += 1) {
      const at = frame * AUDIOSOCKET_FRAME_BYTES;
      out.set(HEADER, at);
      this.codec.decodeInto(g711.subarray(frame * FRAME, (frame + 1) * FRAME), out, at + HEADER.length);
    }
    return out;
  }
}
