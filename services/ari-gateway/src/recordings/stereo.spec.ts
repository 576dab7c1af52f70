import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RecordingPausedV1, RecordingResumedV1, RecordingStartedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { converse, hears, refused, verb, type Conversation } from '../../test/support/conversation.js';
import { GatewayLab } from '../../test/support/gateway-lab.js';
import { hasTone, recordingOf } from '../../test/support/recording-of.js';

const SECRET_HZ = 2_300;
let lab: GatewayLab;
let a: SipPhone;
let b: SipPhone;
let c: SipPhone;
beforeAll(async () => {
  lab = await GatewayLab.open();
  for (const extension of ['201', '202', '203']) await lab.endpoint(extension);
  await lab.start();
  [a, b, c] = [await lab.phone('201'), await lab.phone('202'), await lab.phone('203')];
});
afterEach(() => lab.hangUpAll());
afterAll(() => lab.close());

const folder = (): string => join(lab.edge.values.dirs.state, 'spool', 'recording');

/** Both speak, then a secret with the recording paused, then both again. */
async function withSecret({ callId, caller, person }: Conversation, pauses: (paused: boolean) => Promise<unknown>): Promise<void> {
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

describe('a stereo recording', { timeout: 90_000 }, () => {
  it('has the caller on the left and the other side on the right, silence for the pause, and no time is missing', async () => {
    const call = await converse(lab, a, b, '202');
    const { recordingId } = await verb<{ recordingId: string }>(lab, call.callId, 'recording', { channels: 'stereo' });
    await lab.records(recordingId);
    await withSecret(call, (paused) => verb(lab, call.callId, `recording/${paused ? 'pause' : 'resume'}`));
    await verb(lab, call.callId, 'recording', {}, 'DELETE');
    const { wav, durationMs } = await recordingOf(lab, call.callId);
    const { tracks: [left, right], rate } = wav;
    expect([wav.channels, wav.encoding, rate]).toEqual([2, 'pcm16', 8_000]);
    expect([hasTone(left, 1_300), hasTone(left, 1_700), hasTone(right, 1_300), hasTone(right, 1_700)]).toEqual([true, false, false, true]);
    for (const track of [left, right]) expect(hasTone(track, SECRET_HZ)).toBe(false);
    expect(durationMs).toBe(Math.round(((left?.length ?? 0) * 1_000) / rate));
    const pausedMs = lab.of(RecordingResumedV1, call.callId)[0]?.data.pausedMs ?? 0;
    for (const track of [left, right]) expect(longestSilenceMs(track, rate)).toBeGreaterThan(pausedMs / 2);
    expect(readdirSync(folder()).filter((name) => name.startsWith(recordingId))).toEqual([`${recordingId}.wav`]);
    expect((await lab.seen(RecordingStartedV1, call.callId)).data.channels).toBe('stereo');
    await call.caller.hangup();
  });

  it('goes on through a hold, a transfer and a kill of the gateway, and is whole when the caller hangs up', async () => {
    const { callId, caller, person } = await converse(lab, a, b, '202');
    const { recordingId } = await verb<{ recordingId: string }>(lab, callId, 'recording', { channels: 'stereo' });
    await lab.records(recordingId);
    await hears(person, caller, 1_300);
    await verb(lab, callId, 'recording/pause');
    await lab.killAndStart();
    await eventually('the call is taken up', async () => (await lab.call(callId)).recordings[0]?.paused === true);
    await hears(person, caller, SECRET_HZ);
    await verb(lab, callId, 'recording/resume');
    const ringing = c.nextCall();
    await verb(lab, callId, 'transfer', { extension: '203' });
    const third = await ringing;
    await third.answer();
    await hears(caller, third, 1_900);
    await third.playTone(1_900, 600);
    await caller.hangup();
    const { wav: { tracks: [left, right] } } = await recordingOf(lab, callId);
    expect([hasTone(left, 1_300), hasTone(right, 1_900)]).toEqual([true, true]);
    expect(hasTone(left, SECRET_HZ)).toBe(false);
  });
});

describe('a mono recording', () => {
  it('holds both sides, and silence for the pause', async () => {
    const call = await converse(lab, a, b, '202');
    const { recordingId } = await verb<{ recordingId: string }>(lab, call.callId, 'recording');
    await lab.records(recordingId);
    expect(await refused(lab, call.callId, 'recording', { channels: 'stereo' })).toEqual([409, 'already_recording']);
    expect(await refused(lab, call.callId, 'recording/resume')).toEqual([409, 'recording_not_paused']);
    await withSecret(call, (paused) => verb(lab, call.callId, `recording/${paused ? 'pause' : 'resume'}`));
    await verb(lab, call.callId, 'recording', {}, 'DELETE');
    const { wav: { tracks: [track], channels } } = await recordingOf(lab, call.callId);
    expect([channels, hasTone(track, 1_300), hasTone(track, 1_700)]).toEqual([1, true, true]);
    expect(hasTone(track, SECRET_HZ)).toBe(false);
    expect(await refused(lab, call.callId, 'recording/pause')).toEqual([409, 'not_recording']);
    await call.caller.hangup();
  });
});
