import { setTimeout as sleep } from 'node:timers/promises';
import { ConferenceJoinedV1, PlaybackFinishedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { converse, hears, hearsMusic, verb } from '../../../test/support/conversation.js';
import { GatewayLab } from '../../../test/support/gateway-lab.js';
import { hasTone, recordingOf } from '../../../test/support/recording-of.js';

/** A phone begins its RTP at a random number (RFC 3550, 5.1): all of them have to be heard. Above 32,767 a number looks older than 0 to 16-bit arithmetic. */
const HIGH = 50_000;
const LOW = 20_000;

let lab: GatewayLab;
let high: SipPhone;
let low: SipPhone;
let c: SipPhone;
let d: SipPhone;
let other: SipPhone;
beforeAll(async () => {
  lab = await GatewayLab.open();
  for (const [extension, ...queues] of [['201', 'people'], ['202'], ['203'], ['204'], ['205', 'others']] as const) await lab.endpoint(extension, 'demo', queues);
  await lab.start();
  high = await lab.phone('201', 'demo', { firstSequence: HIGH });
  low = await lab.phone('202', 'demo', { firstSequence: LOW });
  other = await lab.phone('205', 'demo', { firstSequence: HIGH });
  [c, d] = [await lab.phone('203'), await lab.phone('204')];
});
afterEach(() => lab.hangUpAll());
afterAll(() => lab.close());

/** The phones of this process send nothing for a sixth of a second, and again: their recording is being taken anew just then. */
async function stutter(): Promise<void> {
  for (let times = 0; times < 4; times += 1) {
    const end = performance.now() + 160;
    while (performance.now() < end);
    await sleep(45);
  }
}

describe('wherever its RTP begins, a phone is heard', () => {
  it.each([HIGH, LOW])('at %i: in a conference which the other one of its call has left', async (first) => {
    const [from, to, extension] = first === HIGH ? ([high, low, '202'] as const) : ([low, high, '201'] as const);
    const one = await converse(lab, from, to, extension);
    const two = await converse(lab, c, d, '204');
    for (const { callId } of [one, two]) {
      await verb(lab, callId, 'conference', { conference: 'red' });
      await lab.seen(ConferenceJoinedV1, callId);
    }
    await hears([two.caller, two.person], one.caller, 1_300);
    await one.person.hangup();
    await hears([two.caller, two.person], one.caller, 1_700);
    await two.person.hangup();
    await hears(two.caller, one.caller, 1_300);
    await hears(one.caller, two.caller, 1_700);
    expect((await lab.call(one.callId)).conference).toBe('red');
  });

  it.each([['a high caller, recorded in mono,', HIGH, 'mono'], ['a high caller, recorded in stereo,', HIGH, 'stereo'], ['a high caller', HIGH, undefined], ['the caller of a high person', undefined, undefined]] as const)('%s and whoever takes it from a queue, after its music', async (_, from, channels) => {
    const { callId, caller } = await converse(lab, from === HIGH ? high : c, d, '204');
    if (channels) await lab.records((await verb<{ recordingId: string }>(lab, callId, 'recording', { channels })).recordingId);
    const ringing = (from === HIGH ? other : high).nextCall({ timeoutMs: 15_000 });
    await verb(lab, callId, 'transfer', { queue: from === HIGH ? 'others' : 'people' });
    const person = await ringing;
    await hearsMusic(caller);
    await person.answer();
    if (channels === 'stereo') await stutter();
    await hears(caller, person, 1_300);
    await hears(person, caller, 1_700);
    // Long enough to be in some whole tenth of a second of the file.
    await Promise.all([person.playTone(1_300, 500), caller.playTone(1_700, 500)]);
    // A third party in the bridge for a moment: it mixes, and passes frames on again.
    await verb(lab, callId, 'say', { text: 'One moment.' });
    await lab.seen(PlaybackFinishedV1, callId);
    await hears(caller, person, 1_100);
    await hears(person, caller, 1_500);
    await caller.hangup();
    if (!channels) return;
    const { wav: { tracks } } = await recordingOf(lab, callId);
    expect([hasTone(tracks[0], 1_700), hasTone(tracks.at(-1), 1_300)]).toEqual([true, true]);
  });
});
