import fc from 'fast-check';
import dgram from 'node:dgram';
import { describe, expect, it } from 'vitest';
import { formatRtp, formatTelephoneEvent, parseRtp, parseTelephoneEvent, type RtpPacket } from './rtp-packet.js';
import { RtpSender } from './rtp-sender.js';
import { RtpSession, type DigitHeard } from './rtp-session.js';
import { RtpCounter } from './rtp-statistics.js';

const packet = (parts: Partial<RtpPacket>): RtpPacket => ({ payloadType: 0, marker: false, sequence: 0, timestamp: 0, ssrc: 1, payload: new Uint8Array(160), ...parts });
/** The n-th packet of a stream. */
const nth = (n: number, parts: Partial<RtpPacket> = {}): RtpPacket => packet({ sequence: (65_530 + n) & 0xffff, timestamp: (n * 160) >>> 0, ...parts });

describe('RTP packets', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), fc.boolean(), fc.nat({ max: 0xffff }), fc.nat({ max: 0xffff_ffff }), fc.nat({ max: 0xffff_ffff }), fc.uint8Array({ maxLength: 200 }), (payloadType, marker, sequence, timestamp, ssrc, payload) => {
        const given = { payloadType, marker, sequence, timestamp, ssrc, payload };
        expect(parseRtp(formatRtp(given))).toEqual(given);
      }),
    );
  });

  it('finds the payload behind contributors, extension and padding', () => {
    const raw = Uint8Array.from([0xb1, 0x80, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 9, 9, 9, 9, 0xbe, 0xde, 0, 1, 7, 7, 7, 7, 42, 43, 0, 2]);
    expect(parseRtp(raw)).toMatchObject({ marker: true, payload: Uint8Array.of(42, 43) });
  });

  it('takes neither RTCP, nor other versions, nor stumps, nor lies about lengths', () => {
    const good = formatRtp(packet({}));
    for (const [at, value] of [[0, 0x00], [0, 0xc0], [1, 200], [1, 203]] as const) expect(parseRtp(Uint8Array.from(good, (byte, i) => (i === at ? value : byte)))).toBeUndefined();
    expect(parseRtp(good.subarray(0, 11))).toBeUndefined();
    expect(parseRtp(Uint8Array.of(0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff))).toBeUndefined();
    expect(parseRtp(Uint8Array.of(0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (junk) => {
        expect(parseRtp(junk)?.payloadType ?? 0).toBeLessThan(128);
      }),
    );
  });

  it('reads and writes keys of RFC 4733', () => {
    expect(formatTelephoneEvent({ digit: '#', end: true, duration: 800 })).toEqual(Uint8Array.of(11, 0x8a, 3, 32));
    for (const digit of '0123456789*#ABCD'.split('')) expect(parseTelephoneEvent(formatTelephoneEvent({ digit, end: false, duration: 160 }))?.digit).toBe(digit);
    expect(parseTelephoneEvent(Uint8Array.of(16, 0, 0, 0))).toBeUndefined();
    expect(parseTelephoneEvent(Uint8Array.of(1, 0))).toBeUndefined();
  });
});

describe('counting what arrives', () => {
  it('counts loss, duplicates and disorder over the wrap of the sequence number', () => {
    const counter = new RtpCounter();
    for (const n of [0, 1, 2, 2, 5, 4, 8, 9]) counter.take(nth(n), n * 20);
    expect(counter.statistics()).toMatchObject({ received: 7, lost: 3, duplicates: 1, outOfOrder: 1, ssrcChanges: 0 });
  });

  it('places packets in order of their sequence, a new sender behind the old one', () => {
    const counter = new RtpCounter();
    const places = [nth(0), nth(2), nth(1), nth(7), nth(0, { ssrc: 9, sequence: 3 }), nth(1, { ssrc: 9, sequence: 4 })].map((each, i) => counter.take(each, i * 20)!);
    expect([places[0], places[2], places[1], places[3], places[4], places[5]]).toEqual(places.toSorted((a, b) => a - b));
    expect(counter.statistics()).toMatchObject({ ssrcChanges: 1 });
  });

  it('computes jitter as RFC 3550, A.8, and knows late packets', () => {
    const steady = new RtpCounter();
    for (let n = 0; n < 50; n += 1) steady.take(nth(n), 1000 + n * 20);
    expect(steady.statistics()).toMatchObject({ jitterMs: 0, late: 0, maxGapMs: 20 });
    const counter = new RtpCounter();
    counter.take(nth(0), 0);
    counter.take(nth(1), 36);
    expect(counter.statistics().jitterMs).toBeCloseTo(1);
    counter.take(nth(2), 40);
    expect(counter.statistics().jitterMs).toBeCloseTo(1 + (16 - 1) / 16);
    counter.take(nth(3), 140);
    expect(counter.statistics()).toMatchObject({ late: 1, maxGapMs: 100 });
  });

  it('counts no silence that was not sent as late: a marker begins anew', () => {
    const counter = new RtpCounter();
    counter.take(nth(0), 0);
    counter.take(nth(1, { timestamp: 160, marker: true }), 5000);
    expect(counter.statistics()).toMatchObject({ late: 0, lost: 0, jitterMs: 0 });
  });
});

describe('sending', () => {
  it('keeps each digit at one timestamp, ends it three times, and goes on with audio', async () => {
    const sent: RtpPacket[] = [];
    const sender = new RtpSender((raw) => sent.push(parseRtp(raw)!));
    sender.setFormat({ codec: 'PCMU', payloadType: 0, eventType: 101 });
    sender.start();
    await sender.sendDigits('7', 60, 20);
    await sender.play(new Uint8Array(160));
    sender.stop();
    const events = sent.filter((each) => each.payloadType === 101);
    expect(new Set(events.map((each) => each.timestamp)).size).toBe(1);
    expect(events.map((each) => each.marker)).toEqual([true, false, false, false, false, false]);
    expect(events.map((each) => parseTelephoneEvent(each.payload))).toEqual([160, 320, 480, 480, 480, 480].map((duration, i) => ({ digit: '7', end: i >= 3, duration })));
    sent.forEach((each, i) => expect(each.sequence).toBe((sent[0]!.sequence + i) & 0xffff));
    const after = sent[sent.indexOf(events.at(-1)!) + 1]!;
    expect(after).toMatchObject({ payloadType: 0, marker: true });
    expect((after.timestamp - events[0]!.timestamp) >>> 0).toBe(6 * 160);
  });

  it('sends nothing while idle when told so', async () => {
    const sent: RtpPacket[] = [];
    const sender = new RtpSender((raw) => sent.push(parseRtp(raw)!), false);
    sender.start();
    await sender.play(new Uint8Array(320));
    const between = new Promise((resolve) => setTimeout(resolve, 100));
    await between;
    expect(sent.length).toBe(2);
    await sender.play(new Uint8Array(160));
    sender.stop();
    expect(sent.map((each) => each.marker)).toEqual([true, false, true]);
    expect(((sent[2]!.timestamp - sent[0]!.timestamp) >>> 0) / 160).toBeGreaterThanOrEqual(5);
  });

  it('settles what was playing when it is stopped, and everything after', async () => {
    const sender = new RtpSender(() => undefined);
    sender.start();
    const playing = sender.play(new Uint8Array(16_000));
    sender.stop();
    expect((await playing).complete).toBe(false);
    expect((await sender.play(new Uint8Array(160))).complete).toBe(false);
    expect((await sender.sendDigits('1', 100, 100)).complete).toBe(false);
  });
});

describe('receiving keys over a socket', () => {
  const key = (n: number, timestamp: number, digit: string, end: boolean, duration: number): Uint8Array => formatRtp(nth(n, { payloadType: 101, timestamp, payload: formatTelephoneEvent({ digit, end, duration }) }));

  it('tells each key once, whatever is lost, doubled or late', async () => {
    const heard: DigitHeard[] = [];
    const audio: number[] = [];
    const session = await RtpSession.bind('127.0.0.1', { onAudio: (frame) => audio.push(frame.place), onDigit: (digit) => heard.push(digit) });
    session.setFormat({ codecs: [{ name: 'PCMU', payloadType: 0 }], eventType: 101 });
    const socket = dgram.createSocket('udp4');
    const packets = [
      formatRtp(nth(0)),
      key(1, 160, '1', false, 160),
      key(2, 160, '1', true, 320),
      key(3, 160, '1', true, 320),
      key(3, 160, '1', true, 320),
      // All ends lost: the audio behind it shows that it is over.
      key(4, 640, '2', false, 160),
      formatRtp(nth(7, { timestamp: 1120 })),
      // All ends lost: the next key shows it.
      key(8, 1280, '3', false, 160),
      key(11, 1600, '3', false, 160),
      key(12, 1600, '3', true, 320),
      // A straggler of the key before.
      key(9, 1280, '3', true, 320),
      new Uint8Array(5),
      formatRtp(nth(13, { payloadType: 18 })),
      formatRtp(nth(14, { timestamp: 2240 })),
    ];
    for (const each of packets) await new Promise((resolve) => socket.send(each, session.port, '127.0.0.1', resolve));
    await expect.poll(() => audio.length, { timeout: 5000 }).toBe(3);
    expect(heard.map(({ digit, durationMs }) => [digit, durationMs])).toEqual([['1', 40], ['2', 20], ['3', 20], ['3', 40]]);
    expect(session.strayPackets).toBe(2);
    socket.close();
    await session.close();
    await session.close();
  });
});
