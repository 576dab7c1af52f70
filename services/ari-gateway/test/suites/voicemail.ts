import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readWav } from '@troncal/audio';
import { CallEndedV1, RecordingReadyV1, RecordingStartedV1 } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import { describe, expect, it } from 'vitest';
import type { Party } from '../support/conversation.js';
import { ENGLISH_HZ, SPEECH_HZ, type GatewayLab } from '../support/gateway-lab.js';
import type { Sufferer } from '../support/outage.js';
import { hasTone, recordingOf } from '../support/recording-of.js';

const MESSAGE_HZ = 1_300;
const MORE_HZ = 1_700;
const BEEP_HZ = 1_000;
const say = (text: string) => ({ say: { es: text, en: text } });

/** Routes to mailboxes, and a menu, at every tenant. Before `start`. */
export async function declareMailboxes(lab: GatewayLab): Promise<void> {
  const ends = { thanks: { kind: 'hangup', prompt: { say: { en: 'thank you' } } }, nothing: { kind: 'hangup', cause: 'busy' } } as const;
  const box = { kind: 'voicemail', prompt: say('deje su mensaje'), mailbox: '201', next: 'thanks', onNothing: 'nothing' } as const;
  for (const tenant of lab.tenants) {
    await lab.route('box', { name: 'Box', extension: '160', start: 'box', nodes: { box: { ...box, maxSeconds: 60, silenceSeconds: 2 }, ...ends } }, tenant);
    await lab.route('short', { name: 'Short', extension: '161', start: 'box', nodes: { box: { ...box, maxSeconds: 2, silenceSeconds: 10 }, ...ends } }, tenant);
    await lab.route('patient', { name: 'Patient', extension: '162', start: 'box', recording: { enabled: true }, nodes: { box: { ...box, maxSeconds: 60, silenceSeconds: 30, finishOnKey: '*' }, ...ends } }, tenant);
    await lab.route('long', { name: 'Long', extension: '164', start: 'box', nodes: { box: { ...box, maxSeconds: 60, silenceSeconds: 30 }, ...ends } }, tenant);
    await lab.route('menu', {
      name: 'Menu', extension: '163', start: 'menu',
      nodes: {
        menu: { kind: 'menu', prompt: say('for English press two'), digits: { '2': 'en', '3': 'hours', '4': 'sub' }, onTimeout: 'bye' },
        en: { kind: 'language', language: 'en', next: 'hours' },
        hours: { kind: 'schedule', hours: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']])), onOpen: 'open', onClosed: 'bye' },
        open: { kind: 'announce', prompt: say('we are open'), next: 'up' },
        sub: { kind: 'menu', prompt: say('press five for the menu before'), digits: { '5': 'up' }, timeoutMs: 60_000, onTimeout: 'bye' },
        up: { kind: 'back' },
        bye: { kind: 'hangup', cause: 'busy' },
      },
    }, tenant);
  }
  lab.longBeep(BEEP_HZ, 900);
}

/** Calls a route that says something. */
async function begin(lab: GatewayLab, extension: string): Promise<{ readonly callId: string; readonly call: Party }> {
  const [phone] = await lab.staffed('201');
  const call = await phone.call(extension);
  await call.answered();
  const callId = await eventually('the call is told of', () => lab.begunBy(phone)[0]);
  await call.heard.waitForTone(SPEECH_HZ, { timeoutMs: 10_000 });
  return { callId, call };
}

/** The message is being taken. */
async function taken(lab: GatewayLab, callId: string): Promise<string> {
  const recordingId = await eventually('the message is taken', () => lab.of(RecordingStartedV1, callId).find(({ data }) => data.purpose === 'voicemail')?.data.recordingId);
  // Asterisk writes its file by two seconds at a time.
  await eventually('the caller is recorded', async () => (await lab.ari.recordings.getLive({ recordingName: recordingId })).state === 'recording', 15_000);
  return recordingId;
}

/** Calls a route; hears its prompt out, and the beep. */
async function ring(lab: GatewayLab, extension: string): Promise<{ readonly callId: string; readonly call: Party; readonly recordingId: string }> {
  const { callId, call } = await begin(lab, extension);
  return { callId, call, recordingId: await taken(lab, callId) };
}

/** Calls a route, and is in the middle of its beep. */
async function ringUntilBeep(lab: GatewayLab, extension: string): Promise<{ readonly callId: string; readonly call: Party }> {
  const { callId, call } = await begin(lab, extension);
  await call.heard.waitForTone(BEEP_HZ, { timeoutMs: 10_000, forMs: 40 });
  return { callId, call };
}

/** After what came during its beep there is another one, and one message, which the finish key ends. */
async function anotherBeepOnly(lab: GatewayLab, callId: string, call: Party): Promise<void> {
  const recordingId = await taken(lab, callId);
  await call.playTone(MESSAGE_HZ, 900);
  const from = performance.now();
  await call.sendDigits('*');
  await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 15_000, sinceMs: from });
  await eventually('the message is ready', () => lab.of(RecordingReadyV1, callId).some(({ data }) => data.recordingId === recordingId));
  expect(lab.of(RecordingStartedV1, callId).filter(({ data }) => data.purpose === 'voicemail')).toHaveLength(1);
  await call.hangup();
}

/** The message that was left, as its readers get it. */
async function messageOf(lab: GatewayLab, callId: string): Promise<{ readonly track: Int16Array | undefined; readonly durationMs: number }> {
  await eventually('the message is ready', () => lab.of(RecordingReadyV1, callId).find(({ data }) => data.purpose === 'voicemail'), 20_000);
  const { wav, durationMs } = await recordingOf(lab, callId);
  expect(wav.channels).toBe(1);
  return { track: wav.tracks[0], durationMs };
}

const file = (lab: GatewayLab, recordingId: string): string => join(lab.edge.values.dirs.state, 'spool', 'recording', `${recordingId}.wav`);

/** Messages that callers leave. */
export function voicemails(of: () => GatewayLab): void {
  describe.concurrent('a voicemail', { timeout: 60_000 }, () => {
    it('is the caller alone after the beep, ended by the finish key, and told for its mailbox; the route goes on', async () => {
      const lab = of();
      const { callId, call, recordingId } = await ring(lab, '160');
      await call.playTone(MESSAGE_HZ, 1_200);
      const from = performance.now();
      await call.sendDigits('#');
      await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 10_000, sinceMs: from });
      expect(lab.of(RecordingStartedV1, callId).map(({ data }) => data)).toEqual([{ callId, recordingId, announced: true, channels: 'mono', purpose: 'voicemail', mailbox: '201' }]);
      const { track, durationMs } = await messageOf(lab, callId);
      expect([hasTone(track, MESSAGE_HZ), hasTone(track, SPEECH_HZ), hasTone(track, BEEP_HZ)]).toEqual([true, false, false]);
      expect(durationMs).toBeGreaterThan(1_000);
      expect(lab.of(RecordingReadyV1, callId)[0]?.data).toMatchObject({ recordingId, purpose: 'voicemail', mailbox: '201' });
      expect((await lab.call(callId)).recordings).toMatchObject([{ recordingId, state: 'ready', purpose: 'voicemail', mailbox: '201' }]);
      expect(await lab.api().expect('GET', `/api/recordings/${recordingId}`)).toMatchObject({ mailbox: '201', state: 'ready' });
      expect((await call.ended({ timeoutMs: 10_000 })).by).toBe('remote');
    });

    it('is begun with a beep', async () => {
      const lab = of();
      const [phone] = await lab.staffed('201');
      const call = await phone.call('162');
      await call.answered();
      const prompt = await call.heard.waitForTone(SPEECH_HZ, { timeoutMs: 10_000 });
      expect((await call.heard.waitForTone(BEEP_HZ, { timeoutMs: 10_000 })).atMs).toBeGreaterThan(prompt.atMs);
      await call.hangup();
    });

    it('is none when the finish key is pressed during the beep', async () => {
      const lab = of();
      const { callId, call } = await ringUntilBeep(lab, '162');
      await call.sendDigits('*');
      // Of a message that had begun it would be half a minute of silence.
      await call.ended({ timeoutMs: 15_000 });
      expect((await lab.seen(CallEndedV1, callId)).data).toMatchObject({ endedBy: 'route', cause: 17 });
      expect(lab.of(RecordingReadyV1, callId).filter(({ data }) => data.purpose === 'voicemail')).toEqual([]);
    });

    it('ends by silence after something was said', async () => {
      const lab = of();
      const { callId, call } = await ring(lab, '160');
      await call.playTone(MESSAGE_HZ, 800);
      await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 15_000 });
      expect(hasTone((await messageOf(lab, callId)).track, MESSAGE_HZ)).toBe(true);
    });

    it('that nobody speaks into leads where the route says, and leaves no file and no message', async () => {
      const lab = of();
      const { callId, call, recordingId } = await ring(lab, '160');
      await call.ended({ timeoutMs: 15_000 });
      expect((await lab.seen(CallEndedV1, callId)).data).toMatchObject({ endedBy: 'route', cause: 17 });
      expect(lab.of(RecordingReadyV1, callId)).toEqual([]);
      expect(existsSync(file(lab, recordingId))).toBe(false);
    });

    it('ends by its length', async () => {
      const lab = of();
      const { callId, call } = await ring(lab, '161');
      const speaking = call.playTone(MESSAGE_HZ, 8_000);
      await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 15_000 });
      call.stopPlaying();
      await speaking;
      const { durationMs } = await messageOf(lab, callId);
      expect(durationMs).toBeGreaterThan(1_500);
      // Asterisk counts whole seconds.
      expect(durationMs).toBeLessThan(4_000);
    });

    it('is kept when the caller just hangs up', async () => {
      const lab = of();
      const { callId, call } = await ring(lab, '160');
      await call.playTone(MESSAGE_HZ, 900);
      await call.hangup();
      expect(hasTone((await messageOf(lab, callId)).track, MESSAGE_HZ)).toBe(true);
      expect(lab.of(CallEndedV1, callId)).toHaveLength(1);
    });

    it('is in the recording of the call too, which goes on beside it', async () => {
      const lab = of();
      const { callId, call, recordingId } = await ring(lab, '162');
      await call.playTone(MESSAGE_HZ, 900);
      await call.sendDigits('*');
      await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 10_000 });
      await call.hangup();
      const ready = await eventually('both are ready', () => (lab.of(RecordingReadyV1, callId).length === 2 ? lab.of(RecordingReadyV1, callId) : undefined), 15_000);
      expect(ready.map(({ data }) => data.purpose ?? 'call').toSorted()).toEqual(['call', 'voicemail']);
      const whole = ready.find(({ data }) => data.recordingId !== recordingId)?.data;
      expect(whole?.durationMs).toBeGreaterThan(ready.find(({ data }) => data.recordingId === recordingId)?.data.durationMs ?? Infinity);
    });
  });
}

/** Callers in a mailbox or a menu when the gateway is killed. */
export const mailboxKilled = (of: () => GatewayLab): Record<string, () => Promise<Sufferer>> => ({
  'of a message that is being taken nothing is lost: what is said before and after is in one recording, and the finish key works': async () => {
    const lab = of();
    const { callId, call, recordingId } = await ring(lab, '162');
    await call.playTone(MESSAGE_HZ, 900);
    return {
      async afterwards() {
        await call.playTone(MORE_HZ, 900);
        await call.sendDigits('*');
        await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 15_000 });
        await eventually('the message is ready', () => lab.of(RecordingReadyV1, callId).some(({ data }) => data.recordingId === recordingId));
        const response = await fetch(new URL(`/api/recordings/${recordingId}/audio`, lab.api().url), { headers: lab.authorization() });
        const { tracks: [track] } = readWav(new Uint8Array(await response.arrayBuffer()));
        expect([hasTone(track, MESSAGE_HZ), hasTone(track, MORE_HZ)]).toEqual([true, true]);
        await call.hangup();
      },
    };
  },

  'during the beep it costs nothing but another beep': async () => {
    const lab = of();
    let caller: Awaited<ReturnType<typeof ringUntilBeep>>;
    return {
      async justBefore() {
        caller = await ringUntilBeep(lab, '162');
      },
      afterwards: () => anotherBeepOnly(lab, caller.callId, caller.call),
    };
  },

  'the route goes on where the message ended meanwhile': async () => {
    const lab = of();
    const { callId, call, recordingId } = await ring(lab, '160');
    // Until the kill, however long others take: two seconds of silence would end it.
    const speaking = call.playTone(MESSAGE_HZ, 55_000);
    return {
      async meanwhile() {
        call.stopPlaying();
        await speaking;
        await eventually('Asterisk has ended it', async () => !(await lab.ari.recordings.getLive({ recordingName: recordingId }).then(() => true, () => false)), 15_000);
      },
      async afterwards() {
        await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 15_000 });
        expect(hasTone((await messageOf(lab, callId)).track, MESSAGE_HZ)).toBe(true);
      },
    };
  },

  'the message of a caller who hung up meanwhile is kept': async () => {
    const lab = of();
    const { callId, call } = await ring(lab, '164');
    await call.playTone(MESSAGE_HZ, 900);
    return {
      meanwhile: () => call.hangup(),
      async afterwards() {
        expect(hasTone((await messageOf(lab, callId)).track, MESSAGE_HZ)).toBe(true);
        expect((await lab.seen(CallEndedV1, callId)).data).toMatchObject({ endedBy: 'caller', recovered: true });
      },
    };
  },

  'a menu below another one knows its way back, and the language that was chosen': async () => {
    const lab = of();
    const { callId, call } = await begin(lab, '163');
    await call.sendDigits('2');
    await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 10_000 });
    await eventually('the menu before is said again', async () => (await lab.call(callId)).at === 'menu');
    const from = performance.now();
    await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 10_000, sinceMs: from });
    await call.sendDigits('4');
    await eventually('the menu below is said', async () => (await lab.call(callId)).at === 'sub');
    return {
      async afterwards() {
        await call.sendDigits('5');
        await eventually('the menu before is said', async () => (await lab.call(callId)).at === 'menu');
        const again = performance.now();
        await call.heard.waitForTone(ENGLISH_HZ, { timeoutMs: 10_000, sinceMs: again });
        expect(call.isAnswered).toBe(true);
        await call.hangup();
      },
    };
  },
});

/** Asterisk is out of reach while a message begins. */
export function mailboxAway(of: () => GatewayLab, times: readonly (readonly [when: string, awayMs: number])[]): void {
  it.each(times)('an Asterisk out of reach while a message begins costs nothing but another beep when it %s', async (_, awayMs) => {
    const lab = of();
    const { callId, call } = await ringUntilBeep(lab, '162');
    lab.away('ari');
    // The end of the beep is waited for in vain for 2 s, and then there is nobody to ask for a recording.
    await new Promise((resolve) => setTimeout(resolve, awayMs));
    lab.ways.ari.speak();
    expect(call.callEnd).toBeUndefined();
    await anotherBeepOnly(lab, callId, call);
  }, 60_000);
}
