import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { detectTone, hearsTone, msOfSamples, readWav, type WavAudio } from '@troncal/audio';
import { CallStartedV1, RecordingReadyV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { EventRecorder, openStack, openStackPhone, TenantFixture, type Stack } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CALLER_HZ = 700;
const PERSON_HZ = 1_300;
/** How far the length may be from the time between the two requests. */
const TOLERANCE_MS = 300;

describe('a recording that somebody asks for in mid-call', () => {
  let stack: Stack;
  let key: string;
  let tenant: TenantFixture;
  let events: EventRecorder;
  let caller: SipPhone;
  let person: SipPhone;

  beforeAll(async () => {
    stack = await openStack();
    const state = await stack.state();
    key = (await readFile(state.http.apiKeyFile, 'utf8')).trim();
    events = await EventRecorder.open(state, ['calls']);
    tenant = await TenantFixture.create(stack.api, 'record-');
    caller = await openStackPhone(state, await tenant.endpoint('202'));
    person = await openStackPhone(state, await tenant.endpoint('201'));
  });
  afterAll(async () => {
    await caller?.close();
    await person?.close();
    await tenant?.remove();
    await events?.stop();
  });

  async function audio(recordingId: string, bearer: string | undefined): Promise<{ readonly status: number; readonly wav?: WavAudio }> {
    const response = await fetch(new URL(`/api/recordings/${recordingId}/audio`, stack.api.url), bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return response.headers.get('content-type') === 'audio/wav' ? { status: response.status, wav: readWav(bytes) } : { status: response.status };
  }

  it('holds both sides, from the request that begins it to the one that ends it, and nothing of before or after', async () => {
    const call = await caller.call('201');
    const ringing = await person.nextCall({ timeoutMs: 15_000 });
    await ringing.answer();
    await call.answered();
    const { data: { callId } } = await events.seen(CallStartedV1, (event) => event.tenantid === tenant.code);
    const playing = [call.playTone(CALLER_HZ, 30_000), ringing.playTone(PERSON_HZ, 30_000)];
    await Promise.all([call.heard.waitForTone(PERSON_HZ, { timeoutMs: 10_000 }), ringing.heard.waitForTone(CALLER_HZ, { timeoutMs: 10_000 })]);

    const asked = performance.now();
    const { recordingId } = await stack.api.expect<{ recordingId: string }>('POST', `/api/calls/${callId}/recording`);
    const begun = performance.now();
    expect((await audio(recordingId, key)).status).toBe(409);
    await sleep(2_500);
    const stopping = performance.now();
    await stack.api.expect('DELETE', `/api/calls/${callId}/recording`);
    const stopped = performance.now();
    for (const each of [call, ringing]) each.stopPlaying();
    await Promise.all(playing);
    await call.hangup();

    const ready = await events.seen(RecordingReadyV1, (event) => event.data.recordingId === recordingId);
    const { wav } = await audio(recordingId, key);
    const [track] = wav?.tracks ?? [];
    if (!wav || !track) throw new Error('the recording has no audio');
    const lengthMs = msOfSamples(track.length, wav.rate);
    expect(lengthMs).toBeGreaterThan(stopping - begun - TOLERANCE_MS);
    expect(lengthMs).toBeLessThan(stopped - asked + TOLERANCE_MS);
    expect(Math.abs(ready.data.durationMs - lengthMs)).toBeLessThan(20);
    // Two tones of the same loudness: each is about half of all that is to be heard, from beginning to end.
    const third = Math.floor(track.length / 3);
    for (const hz of [CALLER_HZ, PERSON_HZ]) {
      expect(detectTone(track, hz, { rate: wav.rate }), `${hz} Hz`).toBeGreaterThan(0.3);
      for (const part of [0, 1, 2]) expect(hearsTone(track.subarray(part * third, (part + 1) * third), hz, { rate: wav.rate, minRatio: 0.25, minMs: 200 }), `${hz} Hz in third ${part + 1}`).toBe(true);
    }
    expect((await audio(recordingId, undefined)).status).toBe(401);
  });
});
