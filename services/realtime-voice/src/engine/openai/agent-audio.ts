import { encodeAlaw, encodeUlaw, Resampler } from '@troncal/audio';
import type { G711 } from '../voice-engine.js';

/** What the provider is taken to send. */
export type ProviderFormat = 'g711' | 'pcm24k';

/** Bytes looked at before a format is believed: 50 ms of PCM, 300 ms of G.711. */
const ENOUGH = 2_400;

/**
 * True when the bytes are 16-bit linear samples rather than G.711. In PCM the high bytes of neighbouring samples hardly differ and the low
 * bytes are noise, so odd and even bytes behave differently; in G.711 they don't. Undecided (undefined) on silence or too few bytes.
 * Why it's needed: services have answered "pcmu" and sent PCM (PatterAI/Patter#154, openai-agents-js#1366), which is heard as roaring.
 */
export function looksLikePcm16(bytes: Uint8Array): boolean | undefined {
  if (bytes.length < ENOUGH) return undefined;
  const step = [0, 0];
  for (let i = 2; i < bytes.length; i += 1) {
    const jump = Math.abs(bytes[i]! - bytes[i - 2]!);
    // On the circle: from 0x00 to 0xff is the smallest step of a signed high byte, not the largest.
    step[i & 1]! += Math.min(jump, 256 - jump);
  }
  const [low, high] = [step[0]! / (bytes.length / 2), step[1]! / (bytes.length / 2)];
  if (low < 1 && high < 1) return undefined;
  return low > 4 * (high + 0.5);
}

/** Makes the call's G.711 of whatever the provider sends: nothing at all when it's G.711 already. One per response item: it keeps a filter's state. */
export class AgentAudio {
  private readonly encode: (samples: Int16Array) => Uint8Array;
  private resampler: Resampler | undefined;
  private odd: Uint8Array = new Uint8Array(0);

  constructor(
    readonly format: ProviderFormat,
    law: G711,
  ) {
    this.encode = law === 'ulaw' ? encodeUlaw : encodeAlaw;
    if (format === 'pcm24k') this.resampler = new Resampler(24_000, 8_000);
  }

  convert(bytes: Uint8Array): Uint8Array {
    if (this.resampler === undefined) return bytes;
    const joined = this.odd.length === 0 ? bytes : Buffer.concat([this.odd, bytes]);
    const samples = new Int16Array(joined.length >> 1);
    const view = new DataView(joined.buffer, joined.byteOffset, joined.byteLength);
    for (let i = 0; i < samples.length; i += 1) samples[i] = view.getInt16(i * 2, true);
    this.odd = joined.slice(samples.length * 2);
    return this.encode(this.resampler.push(samples));
  }
}
