import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RecordingPausedV1, RecordingResumedV1, RecordingStartedV1 } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import { describe, expect, it } from 'vitest';
import { converse, hears, refused, verb, type Conversation } from '../support/conversation.js';
import type { GatewayLab } from '../support/gateway-lab.js';
import type { Sufferer } from '../support/outage.js';
import { hasTone, speaksUntilRecorded, recordingOf } from '../support/recording-of.js';

const SECRET_HZ = 2_300;
const folder = (lab: GatewayLab): string => join(lab.edge.values.dirs.state, 'spool', 'recording');

/** Both speak, then a secret with the recording paused, then both again. */
async function withSecret(lab: GatewayLab, { callId, caller, person }: Conversation, pauses: (paused: boolean) => Promise<unknown>): Promise<void> {
  await hears(person, caller, 1_300);
  await hears(caller, person, 1_700);
  await pauses(true);
  await hears(person, caller, SECRET_HZ);
  await hears(caller, person, SECRET_HZ);
  await pauses(false);
  await hears(person, caller, 1_300);
  await hears(caller, person, 1_700);
  expect(lab.of(RecordingPausedV1, callId)).toHaveLength(1);
  expect(lab.of(RecordingResumedV1, callId)[0]?.data.pausedMs).toBeGreaterThan(100);
}

/** The longest run of samples that are nothing at all: what a pause writes. */
function longestSilenceMs(track: Int16Array = new Int16Array(), rate: number): number {
  let longest = 0;
  let run = 0;
  for (const sample of track) {
    run = sample === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return (longest * 1_000) / rate;
}

/** Calls that are recorded, each party alone or both in one. */
export function recordings(of: () => GatewayLab): void {
  describe.concurrent('a stereo recording', { timeout: 90_000 }, () => {
    it('has the caller on the left and the other side on the right, silence for the pause, and no time is missing', async () => {
      const lab = of();
      const [a, b] = await lab.staffed('201', '202');
      const call = await converse(lab, a, b, '202');
      const { recordingId } = await verb<{ recordingId: string }>(lab, call.callId, 'recording', { channels: 'stereo' });
      await lab.records(recordingId);
      await withSecret(lab, call, (paused) => verb(lab, call.callId, `recording/${paused ? 'pause' : 'resume'}`));
      await verb(lab, call.callId, 'recording', {}, 'DELETE');
      const { wav, durationMs } = await recordingOf(lab, call.callId);
      const { tracks: [left, right], rate } = wav;
      expect([wav.channels, wav.encoding, rate]).toEqual([2, 'pcm16', 8_000]);
      expect([hasTone(left, 1_300), hasTone(left, 1_700), hasTone(right, 1_300), hasTone(right, 1_700)]).toEqual([true, false, false, true]);
      for (const track of [left, right]) expect(hasTone(track, SECRET_HZ)).toBe(false);
      expect(durationMs).toBe(Math.round(((left?.length ?? 0) * 1_000) / rate));
      const pausedMs = lab.of(RecordingResumedV1, call.callId)[0]?.data.pausedMs ?? 0;
      for (const track of [left, right]) expect(longestSilenceMs(track, rate)).toBeGreaterThan(pausedMs / 2);
      expect(readdirSync(folder(lab)).filter((name) => name.startsWith(recordingId))).toEqual([`${recordingId}.wav`]);
      expect((await lab.seen(RecordingStartedV1, call.callId)).data.channels).toBe('stereo');
      await call.caller.hangup();
    });
  });

  describe.concurrent('a mono recording', { timeout: 90_000 }, () => {
    it('holds both sides, and silence for the pause', async () => {
      const lab = of();
      const [a, b] = await lab.staffed('201', '202');
      const call = await converse(lab, a, b, '202');
      const { recordingId } = await verb<{ recordingId: string }>(lab, call.callId, 'recording');
      await lab.records(recordingId);
      expect(await refused(lab, call.callId, 'recording', { channels: 'stereo' })).toEqual([409, 'already_recording']);
      expect(await refused(lab, call.callId, 'recording/resume')).toEqual([409, 'recording_not_paused']);
      await withSecret(lab, call, (paused) => verb(lab, call.callId, `recording/${paused ? 'pause' : 'resume'}`));
      await verb(lab, call.callId, 'recording', {}, 'DELETE');
      const { wav: { tracks: [track], channels } } = await recordingOf(lab, call.callId);
      expect([channels, hasTone(track, 1_300), hasTone(track, 1_700)]).toEqual([1, true, true]);
      expect(hasTone(track, SECRET_HZ)).toBe(false);
      expect(await refused(lab, call.callId, 'recording/pause')).toEqual([409, 'not_recording']);
      await call.caller.hangup();
    });
  });
}

/** Of a recording when the gateway is killed. */
export const recordingsKilled = (of: () => GatewayLab): Record<string, () => Promise<Sufferer>> => ({
  'a stereo recording goes on through a pause, a kill of the gateway and a transfer, and is whole when the caller hangs up': async () => {
    const lab = of();
    const [a, b, c] = await lab.staffed('201', '202', '203');
    const { callId, caller, person } = await converse(lab, a, b, '202');
    const { recordingId } = await verb<{ recordingId: string }>(lab, callId, 'recording', { channels: 'stereo' });
    await lab.records(recordingId);
    await hears(person, caller, 1_300);
    await verb(lab, callId, 'recording/pause');
    return {
      async afterwards() {
        await eventually('the call is taken up', async () => (await lab.call(callId)).recordings[0]?.paused === true);
        await hears(person, caller, SECRET_HZ);
        await verb(lab, callId, 'recording/resume');
        const ringing = c.nextCall();
        await verb(lab, callId, 'transfer', { extension: '203' });
        const third = await ringing;
        await third.answer();
        await hears(caller, third, 1_900);
        await speaksUntilRecorded(lab, recordingId, third, 1_900);
        await caller.hangup();
        const { wav: { tracks: [left, right] } } = await recordingOf(lab, callId);
        expect([hasTone(left, 1_300), hasTone(right, 1_900)]).toEqual([true, true]);
        expect(hasTone(left, SECRET_HZ)).toBe(false);
      },
    };
  },
});
