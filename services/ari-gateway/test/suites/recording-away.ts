import { RecordingPausedV1, RecordingReadyV1 } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import { describe, expect, it } from 'vitest';
import { converse, hears, refused, verb, type Conversation } from '../support/conversation.js';
import type { GatewayLab } from '../support/gateway-lab.js';
import { throughOneOutage } from '../support/outage.js';
import { hasTone, speaksUntilRecorded, recordingOf } from '../support/recording-of.js';

const SECRET_HZ = 2_300;

type Recorded = Conversation & { readonly recordingId: string };

/** Two who talk, recorded: the caller has been heard at 1,300 Hz. */
async function recorded(lab: GatewayLab, channels: 'mono' | 'stereo'): Promise<Recorded> {
  const [a, b] = await lab.staffed('201', '202');
  const conversation = await converse(lab, a, b, '202');
  const { recordingId } = await verb<{ recordingId: string }>(lab, conversation.callId, 'recording', { channels });
  await lab.records(recordingId);
  await hears(conversation.person, conversation.caller, 1_300);
  return { ...conversation, recordingId };
}

async function cannotBePaused(lab: GatewayLab, callId: string): Promise<void> {
  expect(await refused(lab, callId, 'recording/pause')).toEqual([503, 'recording_not_paused_yet']);
  expect((await lab.call(callId)).recordings[0]?.paused).toBe(false);
  expect(lab.of(RecordingPausedV1, callId)).toEqual([]);
}

async function isPaused(lab: GatewayLab, callId: string): Promise<void> {
  await eventually('the pause is taken', async () => (await lab.api().send('POST', `/api/calls/${callId}/recording/pause`, {})).status === 200, 15_000);
}

/** A secret in the pause, something after it; the recording has what was said before and after, and no secret. */
async function holdsNoSecret(lab: GatewayLab, { callId, caller, person, recordingId }: Recorded): Promise<void> {
  await hears(person, caller, SECRET_HZ);
  await verb(lab, callId, 'recording/resume');
  await speaksUntilRecorded(lab, recordingId, caller, 1_700);
  await caller.hangup();
  const { tracks } = (await recordingOf(lab, callId)).wav;
  expect(hasTone(tracks[0], 1_300)).toBe(true);
  expect(hasTone(tracks[0], 1_700)).toBe(true);
  for (const track of tracks) expect(hasTone(track, SECRET_HZ)).toBe(false);
}

/** AMI, over which stereo recordings are steered, is away while calls are recorded. */
export function recordingWithoutAmi(of: () => GatewayLab): void {
  describe('while AMI is away', () => {
    throughOneOutage({ begin: () => of().away('ami'), end: () => of().ways.ami.speak() }, {
      'a pause of a stereo recording is refused, and nobody is told that it is paused; then it is paused, and holds no secret': async () => {
        const lab = of();
        const talk = await recorded(lab, 'stereo');
        return {
          meanwhile: () => cannotBePaused(lab, talk.callId),
          async afterwards() {
            await isPaused(lab, talk.callId);
            await holdsNoSecret(lab, talk);
          },
        };
      },

      'a stereo recording that is ended ends when AMI is back, with all that was said until then, and the call goes on': async () => {
        const lab = of();
        const { callId, caller, person } = await recorded(lab, 'stereo');
        return {
          async meanwhile() {
            expect((await lab.api().send('DELETE', `/api/calls/${callId}/recording`)).status).toBe(200);
            await hears(person, caller, 1_700);
            await caller.playTone(1_700, 500);
            // Asterisk writes on: a file that is ready now would be one that grows.
            expect(lab.of(RecordingReadyV1, callId)).toEqual([]);
          },
          async afterwards() {
            const [left] = (await recordingOf(lab, callId)).wav.tracks;
            expect(hasTone(left, 1_300)).toBe(true);
            expect(hasTone(left, 1_700)).toBe(true);
            await hears(person, caller, SECRET_HZ);
            expect((await lab.call(callId)).state).toBe('answered');
            await caller.hangup();
          },
        };
      },
    });
  });

  it('a stereo recording that AMI was lost over between its end and its new beginning begins when AMI is back', async () => {
    const lab = of();
    const { callId, caller, recordingId } = await recorded(lab, 'stereo');
    await verb(lab, callId, 'recording/pause');
    // The end of the pause takes the channel again.
    const lost = lab.amiAwayAt('MixMonitor');
    await verb(lab, callId, 'recording/resume');
    await lost;
    const before = lab.recordedBytes(recordingId);
    lab.ways.ami.speak();
    await eventually('sound is recorded again', () => lab.recordedBytes(recordingId) > before, 15_000);
    await speaksUntilRecorded(lab, recordingId, caller, 1_700);
    await caller.hangup();
    const [left] = (await recordingOf(lab, callId)).wav.tracks;
    expect(hasTone(left, 1_300)).toBe(true);
    expect(hasTone(left, 1_700)).toBe(true);
  }, 60_000);
}

/** Pauses that were refused at first, as the next gateway takes them up. */
export function pausedThroughKill(of: () => GatewayLab): void {
  it.each([['stereo', 'ami'], ['mono', 'ari']] as const)('a pause of a %s recording is refused while %s is away; then it is paused, is silent under the next gateway too, and holds no secret', async (channels, way) => {
    const lab = of();
    const talk = await recorded(lab, channels);
    lab.away(way);
    await cannotBePaused(lab, talk.callId).finally(() => lab.ways[way].speak());
    await isPaused(lab, talk.callId);
    // The process that comes after has it silent again, whatever the one before had done.
    await lab.killAndStart();
    expect(await eventually('the call is taken up', async () => (await lab.call(talk.callId)).recordings[0]?.paused)).toBe(true);
    await holdsNoSecret(lab, talk);
  }, 60_000);
}
