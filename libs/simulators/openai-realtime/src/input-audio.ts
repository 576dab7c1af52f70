import { concatSamples, decodeAlaw, decodeUlaw, detectTone, msOfSamples, VoiceActivity } from '@troncal/audio';
import type { AudioFormat, TurnDetection } from './session-config.js';

/** What the ear noticed. Times in ms of audio received since the session began, as the real service counts them. */
export type Heard = { readonly kind: 'speech-started'; readonly atMs: number } | { readonly kind: 'speech-stopped'; readonly atMs: number; readonly speech: Speech };

/** A stretch of the caller's speech, as far as a machine without ears can know it. */
export interface Speech {
  readonly ms: number;
  /** The tone of QUESTION_TONES that dominates, or undefined for ordinary sound. */
  readonly toneHz: number | undefined;
}

/** Tones that stand for words: what a test phone plays instead of speaking. */
export const QUESTION_TONES = { question: 500, person: 1_450, goodbye: 1_800 } as const;

const FRAME_MS = 20;
/** Kept for recognition: no more than the last half minute of one utterance. */
const MAX_SPEECH_MS = 30_000;

export const rateOf = (format: AudioFormat): number => (format.type === 'audio/pcm' ? 24_000 : 8_000);

/** Linear samples of wire audio in the given format. An odd byte at the end of PCM is dropped. */
export function samplesOfWire(bytes: Buffer, format: AudioFormat): Int16Array {
  if (format.type === 'audio/pcmu') return decodeUlaw(bytes);
  if (format.type === 'audio/pcma') return decodeAlaw(bytes);
  const samples = new Int16Array(bytes.length >> 1);
  for (let i = 0; i < samples.length; i += 1) samples[i] = bytes.readInt16LE(i * 2);
  return samples;
}

/** The input audio buffer with voice activity detection on the real energy of the audio. */
export class InputAudio {
  private readonly rate: number;
  private readonly vad: VoiceActivity;
  private readonly padMs: number;
  private rest = new Int16Array(0);
  private elapsedMs = 0;
  private bufferedMs = 0;
  private speech: Int16Array[] = [];
  private speechFromMs: number | undefined;

  constructor(
    readonly format: AudioFormat,
    readonly detection: TurnDetection | null,
    startMs = 0,
  ) {
    this.rate = rateOf(format);
    this.elapsedMs = startMs;
    const threshold = detection?.type === 'server_vad' ? detection.threshold : 0.5;
    // 0.5 is about -40 dBFS; each tenth is 4 dB. Only the order of levels matters, not the model's true curve.
    const onsetDbfs = -60 + threshold * 40;
    this.vad = new VoiceActivity({ rate: this.rate, onsetDbfs, releaseDbfs: onsetDbfs - 6, onsetMs: 60, releaseMs: Math.max(FRAME_MS, silenceMs(detection)) });
    this.padMs = detection?.type === 'server_vad' ? detection.prefix_padding_ms : 300;
    this.startMs = startMs;
  }

  private readonly startMs: number;

  /** Takes one append of any length; says what it noticed. Nothing is noticed while turn detection is off. */
  append(bytes: Buffer): Heard[] {
    const samples = concatSamples([this.rest, samplesOfWire(bytes, this.format)]);
    const size = (this.rate * FRAME_MS) / 1_000;
    const whole = samples.length - (samples.length % size);
    this.rest = samples.slice(whole);
    const heard: Heard[] = [];
    for (let at = 0; at < whole; at += size) {
      const noticed = this.frame(samples.subarray(at, at + size));
      if (noticed && this.detection !== null) heard.push(noticed);
    }
    return heard;
  }

  /** Audio received since the session began, in ms. */
  get totalMs(): number {
    return this.elapsedMs;
  }

  /** Audio in the buffer since the last commit or clear, in ms. */
  get pendingMs(): number {
    return this.bufferedMs;
  }

  /** Empties the buffer and tells what was in it. */
  take(): Speech {
    const speech = this.describe();
    this.clear();
    return speech;
  }

  clear(): void {
    this.bufferedMs = 0;
    this.speech = [];
    this.speechFromMs = undefined;
  }

  private frame(frame: Int16Array): Heard | undefined {
    this.elapsedMs += FRAME_MS;
    this.bufferedMs += FRAME_MS;
    const change = this.vad.push(frame);
    if (change?.kind === 'voice') this.speechFromMs = this.startMs + change.atMs;
    if (this.vad.active && this.speech.length * FRAME_MS < MAX_SPEECH_MS) this.speech.push(frame.slice());
    if (change === undefined) return undefined;
    if (change.kind === 'voice') return { kind: 'speech-started', atMs: Math.max(0, this.startMs + change.atMs - this.padMs) };
    const speech = { ...this.describe(), ms: this.startMs + change.atMs - (this.speechFromMs ?? 0) };
    this.speech = [];
    return { kind: 'speech-stopped', atMs: this.startMs + change.atMs, speech };
  }

  private describe(): Speech {
    const samples = concatSamples(this.speech);
    const toneHz = Object.values(QUESTION_TONES).find((hz) => samples.length > 0 && detectTone(samples, hz, { rate: this.rate }) > 0.5);
    return { ms: msOfSamples(samples.length, this.rate), toneHz };
  }
}

function silenceMs(detection: TurnDetection | null): number {
  if (detection?.type !== 'semantic_vad') return detection?.silence_duration_ms ?? 500;
  return { low: 900, medium: 600, auto: 600, high: 300 }[detection.eagerness];
}
