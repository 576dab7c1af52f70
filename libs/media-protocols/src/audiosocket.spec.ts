import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioSocketError, AudioSocketParser, encodeAudioSocket, samplesOfSlin, slinOfSamples, type AudioSocketMessage } from './audiosocket.js';

const anyMessage: fc.Arbitrary<AudioSocketMessage> = fc.oneof(
  fc.record({ kind: fc.constant('uuid' as const), uuid: fc.uuid() }),
  fc.record({
    kind: fc.constant('audio' as const),
    rate: fc.constantFrom(8000, 12_000, 16_000, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 500 }).map((bytes) => (bytes.length % 2 === 0 ? bytes : Uint8Array.from([...bytes, 0]))),
  }),
  fc.record({ kind: fc.constant('dtmf' as const), digit: fc.constantFrom('0', '9', '*', '#', 'A') }),
  fc.constant<AudioSocketMessage>({ kind: 'hangup' }),
  fc.record({ kind: fc.constant('error' as const), code: fc.uint8Array({ maxLength: 4 }) }),
);

/** The stream cut at the given places, in order, some of them equal: empty pieces too. */
function cutAt(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  return ends.map((end, i) => stream.slice(ends[i - 1] ?? 0, end));
}

class Heard {
  readonly messages: AudioSocketMessage[] = [];
  fault: AudioSocketError | undefined;
  private readonly parser = new AudioSocketParser({
    uuid: (uuid) => void this.messages.push({ kind: 'uuid', uuid }),
    audio: (rate, bytes) => void this.messages.push({ kind: 'audio', rate, bytes: bytes.slice() }),
    digit: (digit) => void this.messages.push({ kind: 'dtmf', digit }),
    hangup: () => void this.messages.push({ kind: 'hangup' }),
    error: (code) => void this.messages.push({ kind: 'error', code: code.slice() }),
  });

  push(piece: Uint8Array): this {
    this.fault = this.parser.push(piece);
    // What the piece was is nobody's business any more: Node may use the memory again.
    piece.fill(0xee);
    return this;
  }
}

function parseAll(pieces: readonly Uint8Array[]): { messages: AudioSocketMessage[]; fault: string | undefined } {
  const heard = new Heard();
  for (const piece of pieces) heard.push(piece.slice());
  return { messages: heard.messages, fault: heard.fault?.message };
}

const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe('AudioSocket framing', () => {
  it('parses any split of any sequence of messages to the same messages', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 20 }), (messages, places) => {
        const stream = join(messages.map(encodeAudioSocket));
        expect(parseAll(cutAt(stream, places))).toEqual({ messages, fault: undefined });
      }),
    );
  });

  it('tells the same messages and fault of any junk, however it is split', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 3 }), fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(), { maxLength: 10 }), (messages, junk, places) => {
        const stream = join([...messages.map(encodeAudioSocket), junk]);
        expect(parseAll(cutAt(stream, places))).toEqual(parseAll([stream]));
      }),
    );
  });

  it('goes byte by byte', () => {
    const uuid = '0e3c1b6a-7f0a-4a53-9b8e-2f7f1f0a9c11';
    const stream = join([encodeAudioSocket({ kind: 'uuid', uuid }), encodeAudioSocket({ kind: 'hangup' })]);
    expect(stream.subarray(0, 3)).toEqual(Uint8Array.of(1, 0, 16));
    expect(parseAll(Array.from(stream, (byte) => Uint8Array.of(byte))).messages).toEqual([{ kind: 'uuid', uuid }, { kind: 'hangup' }]);
  });

  it.each([
    ['the old silence kind', [0x02, 0, 0], /unknown kind 0x02 with length 0/],
    ['an unknown kind', [0x20, 0, 4, 1, 2, 3, 4], /unknown kind 0x20/],
    ['more than the limit', [0x10, 0x41, 0x00], /announces 16640 bytes, the limit is 16384/],
    ['a short UUID', [0x01, 0, 4, 1, 2, 3, 4], /16 bytes, not 4/],
    ['two digits', [0x03, 0, 2, 0x31, 0x32], /1 byte, not 2/],
    ['audio with no samples', [0x10, 0, 0], /got 0 bytes/],
    ['half a sample', [0x12, 0, 3, 1, 2, 3], /got 3 bytes/],
  ])('refuses %s by its header, after what came before, and stays refused', (_what, bytes, message) => {
    const heard = new Heard().push(join([encodeAudioSocket({ kind: 'hangup' }), Uint8Array.from(bytes)]));
    expect(heard.messages).toEqual([{ kind: 'hangup' }]);
    expect(heard.fault).toBeInstanceOf(AudioSocketError);
    expect(heard.fault?.message).toMatch(message);
    const first = heard.fault;
    heard.push(encodeAudioSocket({ kind: 'hangup' }));
    expect(heard.messages).toHaveLength(1);
    expect(heard.fault).toBe(first);
  });

  it.each<[string, AudioSocketMessage, RegExp]>([
    ['a rate it has no kind for', { kind: 'audio', rate: 11_025, bytes: new Uint8Array(2) }, /no rate of 11025 Hz/],
    ['no samples', { kind: 'audio', rate: 8000, bytes: new Uint8Array(0) }, /got 0 bytes/],
    ['more than two bytes can count', { kind: 'audio', rate: 8000, bytes: new Uint8Array(65_536) }, /announces 65536/],
    ['a UUID that is none', { kind: 'uuid', uuid: 'call-7' }, /'call-7' is no UUID/],
    ['two digits at once', { kind: 'dtmf', digit: '12' }, /not 2/],
  ])('encodes no %s', (_what, message, fault) => {
    expect(() => encodeAudioSocket(message)).toThrow(fault);
  });

  it('reads and writes samples little-endian, at odd offsets too', () => {
    const samples = Int16Array.of(1, -2, 32_767, -32_768);
    expect(slinOfSamples(samples)).toEqual(Uint8Array.of(1, 0, 0xfe, 0xff, 0xff, 0x7f, 0, 0x80));
    expect(samplesOfSlin(Uint8Array.of(9, ...slinOfSamples(samples)).subarray(1))).toEqual(samples);
  });
});
