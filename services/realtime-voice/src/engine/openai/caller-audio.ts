import { decodeAlaw, decodeUlaw, msOfSamples, Resampler } from '@troncal/audio';
import type { G711 } from '../voice-engine.js';
import type { ProviderFormat } from './agent-audio.js';

/** Caller audio kept while the connection isn't ready: what was said to the session before it, and since, isn't lost; an endless backlog isn't built. */
const MAX_EARLY_MS = 20_000;
const HEAD = Buffer.from('{"type":"input_audio_buffer.append","audio":"');
const TAIL = Buffer.from('"}');

/** The caller's audio on its way to the provider: as it came, in the frames it came in, unless the provider insists on PCM. */
export class CallerAudio {
  private early: Uint8Array[] = [];
  private earlyMs = 0;
  private opened = false;
  private sentMs = 0;
  private resampler: Resampler | undefined;

  constructor(
    private readonly law: G711,
    private readonly send: (text: Buffer) => void,
  ) {}

  push(audio: Uint8Array): void {
    if (this.opened) return this.append(audio);
    this.early.push(audio);
    this.earlyMs += msOfSamples(audio.length);
    while (this.earlyMs > MAX_EARLY_MS) this.earlyMs -= msOfSamples(this.early.shift()?.length ?? 0);
  }

  setProviderFormat(format: ProviderFormat): void {
    this.resampler = format === 'pcm24k' ? new Resampler(8_000, 24_000) : undefined;
  }

  /** The session is ready: what was kept goes out, then everything as it comes. */
  open(): void {
    this.opened = true;
    for (const audio of this.early.splice(0)) this.append(audio);
    this.earlyMs = 0;
  }

  /** How long ago a position in the audio was, in ms; 0 when the provider gave none. It counts what it has received since the session began. */
  agoMs(position: number | undefined): number {
    return position === undefined ? 0 : Math.max(0, this.sentMs - position);
  }

  private append(audio: Uint8Array): void {
    this.sentMs += msOfSamples(audio.length);
    // By hand: base64 needs no escaping, and this is what runs fifty times a second for every call.
    const base64 = this.base64(audio);
    const text = Buffer.allocUnsafe(HEAD.length + base64.length + TAIL.length);
    text.set(HEAD);
    text.write(base64, HEAD.length, 'latin1');
    text.set(TAIL, HEAD.length + base64.length);
    this.send(text);
  }

  private base64(audio: Uint8Array): string {
    if (this.resampler === undefined) return Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString('base64');
    const samples = this.resampler.push((this.law === 'ulaw' ? decodeUlaw : decodeAlaw)(audio));
    return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
  }
}
