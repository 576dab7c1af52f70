import { setTimeout as sleep } from 'node:timers/promises';
import { ConferenceJoinedV1, PlaybackFinishedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { describe, expect, it } from 'vitest';
import { converse, hears, hearsMusic, verb } from '../support/conversation.js';
import type { GatewayLab } from '../support/gateway-lab.js';
import { hasTone, speaksUntilRecorded, recordingOf } from '../support/recording-of.js';

/** A phone begins its RTP at a random number (RFC 3550, 5.1): all of them have to be heard. Above 32,767 a number looks older than 0 to 16-bit arithmetic. */
const HIGH = 50_000;
const LOW = 20_000;

interface Phones {
  /** 201, in the queue `people`. */
  readonly high: SipPhone;
  /** 202. */
  readonly low: SipPhone;
  readonly c: SipPhone;
  /** 204. */
  readonly d: SipPhone;
  /** 205, in the queue `others`. */
  readonly other: SipPhone;
}

async function phonesOf(lab: GatewayLab): Promise<Phones> {
  const tenant = lab.office();
  const [high, low, other, c, d] = await Promise.all([
    lab.phone('201', tenant, { firstSequence: HIGH }), lab.phone('202', tenant, { firstSequence: LOW }), lab.phone('205', tenant, { firstSequence: HIGH }), lab.phone('203', tenant), lab.phone('204', tenant),
  ]);
  return { high, low, c, d, other };
}

/** The phones of this process send nothing for a sixth of a second, and again: their recording is being taken anew just then. */
async function stutter(): Promise<void> {
  for (let times = 0; times < 4; times += 1) {
    const end = performance.now() + 160;
    while (performance.now() < end);
    await sleep(45);
  }
}

/**
 * Phones whose RTP begins anywhere.
 * @param recorded as what whoever takes the high caller from a queue is recorded, one test each
 */
export function anyPhone(of: () => GatewayLab, recorded: readonly ('mono' | 'stereo' | undefined)[]): void {
  describe('wherever its RTP begins, a phone is heard', { timeout: 60_000 }, () => {
    it.concurrent.each([HIGH, LOW])('at %i: in a conference which the other one of its call has left', async (first) => {
      const lab = of();
      const { high, low, c, d } = await phonesOf(lab);
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

    const callers = [...recorded.map((channels) => [channels ? `a high caller, recorded in ${channels},` : 'a high caller', HIGH, channels] as const), ...(recorded.includes(undefined) ? [['the caller of a high person', undefined, undefined] as const] : [])];
    it.concurrent.each(callers)('%s and whoever takes it from a queue, after its music', async (_, from, channels) => {
      const lab = of();
      const { high, c, d, other } = await phonesOf(lab);
      const { callId, caller } = await converse(lab, from === HIGH ? high : c, d, '204');
      const recordingId = channels && (await verb<{ recordingId: string }>(lab, callId, 'recording', { channels })).recordingId;
      if (recordingId) await lab.records(recordingId);
      const ringing = (from === HIGH ? other : high).nextCall({ timeoutMs: 15_000 });
      await verb(lab, callId, 'transfer', { queue: from === HIGH ? 'others' : 'people' });
      const person = await ringing;
      await hearsMusic(caller);
      await person.answer();
      if (channels === 'stereo') await stutter();
      await hears(caller, person, 1_300);
      await hears(person, caller, 1_700);
      if (recordingId) await Promise.all([speaksUntilRecorded(lab, recordingId, person, 1_300), speaksUntilRecorded(lab, recordingId, caller, 1_700)]);
      // A third party in the bridge for a moment: it mixes, and passes frames on again.
      await verb(lab, callId, 'say', { text: 'One moment.' });
      await lab.seen(PlaybackFinishedV1, callId);
      await hears(caller, person, 1_100);
      await hears(person, caller, 1_500);
      await caller.hangup();
      if (!recordingId) return;
      const { wav: { tracks } } = await recordingOf(lab, callId);
      expect([hasTone(tracks[0], 1_700), hasTone(tracks.at(-1), 1_300)]).toEqual([true, true]);
    });
  });
}
