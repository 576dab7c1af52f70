import { describe, expect, it } from 'vitest';
import { readLegRtp } from './leg-rtp.js';

const read = (headers: Readonly<Record<string, string>>) => readLegRtp((name) => headers[name]);

describe('what the dialplan says of a channel’s RTP', () => {
  it('is read, seconds as milliseconds, and what was sent as what came of it', () => {
    expect(read({ Received: '990', ReceivedLost: '10', ReceivedJitter: '0.0125', Sent: '1000', SentLost: '50', SentJitter: '0.002', RoundTrip: '0.08' })).toEqual({
      received: { packets: 990, lost: 10, jitterMs: 12.5 }, sent: { packets: 950, lost: 50, jitterMs: 2 }, roundTripMs: 80, mos: expect.closeTo(3.87, 1) as number,
    });
  });

  it('tells nothing of the way there when the far end reports nothing', () => {
    expect(read({ Received: '500', ReceivedLost: '0', ReceivedJitter: '0.000000', Sent: '500', SentLost: '0', SentJitter: '0.0', RoundTrip: '0.0' })).toEqual({ received: { packets: 500, lost: 0, jitterMs: 0 }, mos: expect.closeTo(4.4, 1) as number });
  });

  it.each([{}, { Received: '0', Sent: '50' }, { Received: '', ReceivedJitter: 'nan' }, { Received: '126', ReceivedJitter: '0.408' }])('is nothing when no audio came, or for so short a time that Asterisk’s jitter is none yet: %j', (headers) => {
    expect(read(headers)).toBeUndefined();
  });
});
