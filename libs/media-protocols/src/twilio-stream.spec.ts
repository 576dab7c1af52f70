import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTwilioStream, TwilioStreamError, TwilioStreamWriter, type TwilioStreamMessage } from './twilio-stream.js';

/** As in Twilio's documentation, with the fields that we don't read. */
const sid = 'MZ18ad3ab5a668481ce02b83e7395059f0';
const callSid = 'CAd9a5b3b0c0f0a1e2d3c4b5a697887766';
const start = {
  event: 'start',
  sequenceNumber: '1',
  start: { accountSid: 'AC00000000000000000000000000000000', streamSid: sid, callSid, tracks: ['inbound'], mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 }, customParameters: { leg: '7f0a', n: 'x' } },
  streamSid: sid,
};
const media = { event: 'media', sequenceNumber: '3', media: { track: 'inbound', chunk: '1', timestamp: '5', payload: 'AQID/w==' }, streamSid: sid };

describe('messages of Media Streams', () => {
  it.each<[object, TwilioStreamMessage]>([
    [{ event: 'connected', protocol: 'Call', version: '1.0.0' }, { event: 'connected', protocol: 'Call' }],
    [start, { event: 'start', streamSid: sid, callSid, parameters: new Map([['leg', '7f0a'], ['n', 'x']]) }],
    [media, { event: 'media', streamSid: sid, track: 'inbound', bytes: Buffer.from([1, 2, 3, 255]) }],
    [{ event: 'dtmf', streamSid: sid, sequenceNumber: '5', dtmf: { track: 'inbound_track', digit: '1' } }, { event: 'dtmf', streamSid: sid, digit: '1' }],
    [{ event: 'mark', sequenceNumber: '4', streamSid: sid, mark: { name: 'm1' } }, { event: 'mark', streamSid: sid, name: 'm1' }],
    [{ event: 'stop', sequenceNumber: '5', streamSid: sid, stop: { accountSid: 'AC1', callSid } }, { event: 'stop', streamSid: sid }],
    [{ event: 'of-the-future', streamSid: sid, anything: 1 }, { event: 'unknown', name: 'of-the-future' }],
    [{ event: 'constructor' }, { event: 'unknown', name: 'constructor' }],
  ])('reads %o', (message, read) => {
    expect(parseTwilioStream(JSON.stringify(message))).toEqual(read);
  });

  it.each([
    ['not JSON', 'junk', 'not a JSON object'],
    ['a list', '[1]', 'not a JSON object'],
    ['no event', '{}', 'event must be a string'],
    ['a start without a call', JSON.stringify({ event: 'start', streamSid: sid, start: 7 }), 'start: start must be an object'],
    ['another codec', JSON.stringify({ ...start, start: { ...start.start, mediaFormat: { encoding: 'audio/L16', sampleRate: 16_000, channels: 1 } } }), 'start: start.mediaFormat.encoding must be "audio/x-mulaw"; start.mediaFormat.sampleRate must be 8000'],
    ['a SID that would end our messages', JSON.stringify({ ...start, streamSid: '","x":"' }), 'start: streamSid must be a SID'],
    ['audio that is no base64', JSON.stringify({ ...media, media: { track: 'inbound', payload: 'AQI*/w==' } }), 'media: media.payload must be base64'],
    ['no audio at all', JSON.stringify({ ...media, media: { track: 'inbound' } }), 'media: media.payload must be base64'],
    ['two keys at once', JSON.stringify({ event: 'dtmf', streamSid: sid, dtmf: { digit: '12' } }), 'dtmf: dtmf.digit must be one of 0-9, *, # and A-D'],
    ['a mark without a name', JSON.stringify({ event: 'mark', streamSid: sid, mark: {} }), 'mark: mark.name must be a string'],
  ])('names what is wrong with %s', (_, text, message) => {
    const read = parseTwilioStream(text);
    expect(read).toBeInstanceOf(TwilioStreamError);
    expect(read).toMatchObject({ message });
  });

  it('never throws, whatever arrives, and reads nothing into it', () => {
    const spoilt = fc.tuple(fc.constantFrom('connected', 'start', 'media', 'dtmf', 'mark', 'stop'), fc.dictionary(fc.constantFrom('streamSid', 'start', 'media', 'dtmf', 'mark', 'protocol'), fc.anything())).map(([event, fields]) => JSON.stringify({ ...fields, event }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), spoilt), (text) => {
        const read = parseTwilioStream(text);
        return read instanceof TwilioStreamError ? read.message !== '' : !('streamSid' in read) || /^[A-Za-z0-9]{2,64}$/.test(read.streamSid);
      }),
    );
    expect(parseTwilioStream('null')).toBeInstanceOf(TwilioStreamError);
  });

  it('reads base64 as what it is, or not at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.string({ maxLength: 12 }), (bytes, junk) => {
        const read = (payload: string): TwilioStreamMessage | TwilioStreamError => parseTwilioStream(JSON.stringify({ ...media, media: { track: 'inbound', payload } }));
        const payload = Buffer.from(bytes).toString('base64');
        expect(read(payload)).toMatchObject({ bytes: Buffer.from(bytes) });
        const other = read(payload + junk);
        const plain = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
        return other instanceof TwilioStreamError || other.event !== 'media' || Buffer.from(other.bytes).toString('base64url') === plain(payload + junk);
      }),
    );
  });
});

describe('messages to Media Streams', () => {
  const writer = new TwilioStreamWriter(sid);

  it('carry exactly the fields that Twilio takes', () => {
    expect(JSON.parse(writer.media(Uint8Array.of(1, 2, 3, 255)))).toEqual({ event: 'media', streamSid: sid, media: { payload: 'AQID/w==' } });
    expect(JSON.parse(writer.mark('m1'))).toEqual({ event: 'mark', streamSid: sid, mark: { name: 'm1' } });
    expect(JSON.parse(writer.clear())).toEqual({ event: 'clear', streamSid: sid });
  });

  it('carry audio untouched, also of a view', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_000 }), fc.nat(40), (bytes, from) => {
        const view = bytes.subarray(Math.min(from, bytes.length));
        const { payload } = (JSON.parse(writer.media(view)) as { media: { payload: string } }).media;
        expect(new Uint8Array(Buffer.from(payload, 'base64'))).toEqual(new Uint8Array(view));
      }),
    );
  });

  it('refuse what would break out of a message', () => {
    for (const name of ['', '"', 'a b', 'x'.repeat(61)]) expect(() => writer.mark(name)).toThrow(TwilioStreamError);
    expect(() => new TwilioStreamWriter('","event":"clear')).toThrow(TwilioStreamError);
  });
});
