import { RecordingPausedV1, RecordingReadyV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { converse, hears, refused, verb } from '../../test/support/conversation.js';
import { GatewayLab } from '../../test/support/gateway-lab.js';
import { hasTone, recordingOf } from '../../test/support/recording-of.js';

const SECRET_HZ = 2_300;
let lab: GatewayLab;
let a: SipPhone;
let b: SipPhone;
beforeAll(async () => {
  lab = await GatewayLab.open();
  for (const extension of ['201', '202']) await lab.endpoint(extension);
  await lab.start();
  [a, b] = [await lab.phone('201'), await lab.phone('202')];
});
afterEach(() => {
  for (const way of Object.values(lab.ways)) way.speak();
  return lab.hangUpAll();
});
afterAll(() => lab.close());

describe.each([['stereo', 'ami'], ['mono', 'ari']] as const)('a pause of a %s recording', (channels, way) => {
  it(`is refused while ${way} is away, and nobody is told that it is paused; then it is paused, and holds no secret`, async () => {
    const { callId, caller, person } = await converse(lab, a, b, '202');
    const { recordingId } = await verb<{ recordingId: string }>(lab, callId, 'recording', { channels });
    await lab.records(recordingId);
    await hears(person, caller, 1_300);
    lab.away(way);
    expect(await refused(lab, callId, 'recording/pause')).toEqual([503, 'recording_not_paused_yet']);
    expect((await lab.call(callId)).recordings[0]?.paused).toBe(false);
    expect(lab.of(RecordingPausedV1, callId)).toEqual([]);
    lab.ways[way].speak();
    await eventually('the pause is taken', async () => (await lab.api().send('POST', `/api/calls/${callId}/recording/pause`, {})).status === 200, 15_000);
    // The process that comes after has it silent again, whatever the one before had done.
    await lab.killAndStart();
    await eventually('the call is taken up', async () => (await lab.call(callId)).recordings[0]?.paused === true);
    await hears(person, caller, SECRET_HZ);
    await verb(lab, callId, 'recording/resume');
    await caller.playTone(1_700, 900);
    await caller.hangup();
    const { tracks } = (await recordingOf(lab, callId)).wav;
    const [left] = tracks;
    expect(hasTone(left, 1_300)).toBe(true);
    expect(hasTone(left, 1_700)).toBe(true);
    for (const track of tracks) expect(hasTone(track, SECRET_HZ)).toBe(false);
  }, 60_000);
});

it('a stereo recording that AMI was lost over between its end and its new beginning begins when AMI is back', async () => {
  const { callId, caller, person } = await converse(lab, a, b, '202');
  const { recordingId } = await verb<{ recordingId: string }>(lab, callId, 'recording', { channels: 'stereo' });
  await lab.records(recordingId);
  await hears(person, caller, 1_300);
  await verb(lab, callId, 'recording/pause');
  // The end of the pause takes the channel again.
  const lost = lab.amiAwayAt('MixMonitor');
  await verb(lab, callId, 'recording/resume');
  await lost;
  const before = lab.recordedBytes(recordingId);
  lab.ways.ami.speak();
  await eventually('sound is recorded again', () => lab.recordedBytes(recordingId) > before, 15_000);
  await caller.playTone(1_700, 900);
  await caller.hangup();
  const [left] = (await recordingOf(lab, callId)).wav.tracks;
  expect(hasTone(left, 1_300)).toBe(true);
  expect(hasTone(left, 1_700)).toBe(true);
}, 60_000);

it('a stereo recording that is ended while AMI is away ends when AMI is back, with all that was said until then, and the call goes on', async () => {
  const { callId, caller, person } = await converse(lab, a, b, '202');
  const { recordingId } = await verb<{ recordingId: string }>(lab, callId, 'recording', { channels: 'stereo' });
  await lab.records(recordingId);
  await hears(person, caller, 1_300);
  lab.away('ami');
  expect((await lab.api().send('DELETE', `/api/calls/${callId}/recording`)).status).toBe(200);
  await hears(person, caller, 1_700);
  await caller.playTone(1_700, 500);
  // Asterisk writes on: a file that is ready now would be one that grows.
  expect(lab.of(RecordingReadyV1, callId)).toEqual([]);
  lab.ways.ami.speak();
  const [left] = (await recordingOf(lab, callId)).wav.tracks;
  expect(hasTone(left, 1_300)).toBe(true);
  expect(hasTone(left, 1_700)).toBe(true);
  await hears(person, caller, SECRET_HZ);
  expect((await lab.call(callId)).state).toBe('answered');
  await caller.hangup();
}, 60_000);
