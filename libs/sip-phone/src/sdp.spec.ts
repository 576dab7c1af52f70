import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerDirection, formatSdp, offeredCodecs, parseSdp, type LocalAudio } from './sdp.js';
import { SdpError } from './sip-phone.errors.js';

const local: LocalAudio = { sessionId: 5, version: 2, address: { host: '192.0.2.1', port: 4000 }, codecs: offeredCodecs(['PCMU', 'PCMA']), eventType: 101, direction: 'sendrecv' };
const sdp = (...lines: string[]): string => ['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0', ...lines, ''].join('\r\n');

describe('session descriptions', () => {
  it('reads back what it offers', () => {
    expect(parseSdp(formatSdp(local))).toMatchObject({
      address: { host: '192.0.2.1', port: 4000 },
      codecs: [{ name: 'PCMU', payloadType: 0 }, { name: 'PCMA', payloadType: 8 }],
      eventType: 101,
      direction: 'sendrecv',
    });
  });

  it('takes codecs by name where types are dynamic, in the order of the offer, and skips wide-band events', () => {
    const remote = parseSdp(sdp('m=audio 5000 RTP/AVP 9 118 100 0 97', 'a=rtpmap:9 G722/8000', 'a=rtpmap:118 pcma/8000/1', 'a=rtpmap:100 telephone-event/16000', 'a=rtpmap:97 telephone-event/8000'));
    expect(remote.codecs).toEqual([{ name: 'PCMA', payloadType: 118 }, { name: 'PCMU', payloadType: 0 }]);
    expect(remote.eventType).toBe(97);
  });

  it.each([
    [['m=audio 5000 RTP/AVP 0', 'a=sendonly'], 'sendonly'],
    [['a=inactive', 'm=audio 5000 RTP/AVP 0'], 'inactive'],
    [['a=inactive', 'm=audio 5000 RTP/AVP 0', 'a=recvonly'], 'recvonly'],
    [['m=audio 5000 RTP/AVP 0', 'c=IN IP4 0.0.0.0'], 'sendonly'],
  ] as const)('reads the direction of %o as %s', (lines, direction) => {
    expect(parseSdp(sdp(...lines)).direction).toBe(direction);
  });

  it('refuses other media in their places when it answers', () => {
    const remote = parseSdp(sdp('m=video 6000 RTP/AVP 96', 'm=audio 5000 RTP/AVP 0', 'm=audio 5002 RTP/AVP 8'));
    const answer = formatSdp({ ...local, codecs: remote.codecs, eventType: remote.eventType }, remote);
    expect(answer.split('\r\n').filter((line) => line.startsWith('m='))).toEqual(['m=video 0 RTP/AVP 96', 'm=audio 4000 RTP/AVP 0', 'm=audio 0 RTP/AVP 8']);
  });

  it('gives no address for a port of 0 or a connection to nowhere', () => {
    expect(parseSdp(sdp('m=audio 0 RTP/AVP 0')).address).toBeUndefined();
    expect(parseSdp(sdp('m=audio 5000 RTP/AVP 0', 'c=IN IP4 0.0.0.0')).address).toBeUndefined();
  });

  it.each([
    ['nothing', '', /does not begin with v=0/],
    ['no media', sdp(), /no audio over RTP\/AVP, but nothing/],
    ['encrypted audio only', sdp('m=audio 5000 RTP/SAVP 0'), /but audio RTP\/SAVP/],
    ['codecs that we do not speak', sdp('m=audio 5000 RTP/AVP 9 18', 'a=rtpmap:18 G729/8000'), /it offers G729\/8000, we speak PCMU/],
    ['a port that is none', sdp('m=audio 99999 RTP/AVP 0'), /bad media line/],
    ['no connection', 'v=0\r\nm=audio 5000 RTP/AVP 0\r\n', /no usable connection/],
  ])('refuses %s', (_what, text, message) => {
    expect(() => parseSdp(text)).toThrow(SdpError);
    expect(() => parseSdp(text)).toThrow(message);
  });

  it('throws nothing but SdpError, whatever it is given', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom('v=0', 'm=audio 5000 RTP/AVP 0', 'm=audio x', 'c=IN IP4 ', 'c=IN IP6 ::1', 'a=rtpmap:', 'a=rtpmap:0 X/1', 'a=sendonly'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        let thrown: unknown;
        try {
          parseSdp(lines.join('\r\n'));
        } catch (error) {
          thrown = error;
        }
        expect(thrown === undefined || thrown instanceof SdpError).toBe(true);
      }),
    );
  });

  it('answers directions', () => {
    expect((['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const).map(answerDirection)).toEqual(['sendrecv', 'recvonly', 'sendonly', 'inactive']);
  });
});
