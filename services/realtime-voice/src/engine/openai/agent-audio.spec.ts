import { concatBytes, decodeAlaw, decodeUlaw, detectTone, dtmfTones, encodeAlaw, encodeUlaw, hearsTone, silence, tone } from '@troncal/audio';
import { describe, expect, it } from 'vitest';
import { AgentAudio, looksLikePcm16 } from './agent-audio.js';

function pcmBytes(samples: Int16Array): Uint8Array {
  const bytes = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, index) => bytes.writeInt16LE(sample, index * 2));
  return bytes;
}
/** Something like speech: noise whose loudness and colour change. */
function babble(length: number, level: number): Int16Array {
  let seed = 7;
  let low = 0;
  return Int16Array.from({ length }, (_, i) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    low = low * 0.9 + (seed / 0x7fffffff - 0.5);
    return low * level * (0.4 + 0.6 * Math.abs(Math.sin(i / 900)));
  });
}

describe('telling PCM from G.711 by its bytes', () => {
  const sources: [string, Int16Array, Int16Array][] = [
    ['a tone', tone(880, 300), tone(880, 300, { rate: 24_000 })],
    ['keys', dtmfTones('159'), dtmfTones('159', { rate: 24_000 })],
    ['loud speech', babble(4_000, 9_000), babble(8_000, 9_000)],
    ['quiet speech', babble(4_000, 900), babble(8_000, 900)],
  ];
  it.each(sources)('%s', (_, at8k, at24k) => {
    expect(looksLikePcm16(encodeUlaw(at8k))).toBe(false);
    expect(looksLikePcm16(encodeAlaw(at8k))).toBe(false);
    expect(looksLikePcm16(pcmBytes(at24k))).toBe(true);
  });

  it('says nothing about silence or a few bytes', () => {
    expect(looksLikePcm16(encodeUlaw(silence(400)))).toBeUndefined();
    expect(looksLikePcm16(pcmBytes(silence(400)))).toBeUndefined();
    expect(looksLikePcm16(encodeUlaw(tone(880, 100)))).toBeUndefined();
  });
});

describe('agent audio', () => {
  it('is the same object when it is G.711 already', () => {
    const bytes = encodeUlaw(tone(880, 100));
    expect(new AgentAudio('g711', 'ulaw').convert(bytes)).toBe(bytes);
  });

  it.each([
    ['ulaw', decodeUlaw],
    ['alaw', decodeAlaw],
  ] as const)('becomes %s of the same length and pitch, in chunks of any size', (law, decode) => {
    const wire = pcmBytes(tone(880, 600, { rate: 24_000 }));
    const audio = new AgentAudio('pcm24k', law);
    const parts: Uint8Array[] = [];
    for (let at = 0, size = 1; at < wire.length; at += size, size = (size * 7) % 997) parts.push(audio.convert(wire.subarray(at, at + size)));
    const samples = decode(concatBytes(parts));
    expect(Math.abs(samples.length - 4_800)).toBeLessThanOrEqual(40);
    expect(detectTone(samples, 880)).toBeGreaterThan(0.95);
    expect(hearsTone(samples, 2_640)).toBe(false);
  });
});
