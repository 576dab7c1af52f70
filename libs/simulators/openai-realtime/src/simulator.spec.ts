import { concatBytes, decodeUlaw, detectTone, encodeUlaw, hearsTone, silence, tone } from '@troncal/audio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ANSWER_TONE_HZ, QUESTION_TONES, startOpenAiRealtimeSimulator, type OpenAiRealtimeSimulator } from './index.js';
import { RealtimeClient } from '../test/support/realtime-client.js';

let simulator: OpenAiRealtimeSimulator;
const clients: RealtimeClient[] = [];

beforeAll(async () => {
  simulator = await startOpenAiRealtimeSimulator();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  simulator.reset();
});
afterAll(() => simulator.close());

async function open(query = '', headers?: Record<string, string>): Promise<RealtimeClient> {
  const client = await RealtimeClient.open(`${simulator.url}?model=gpt-realtime${query}`, headers);
  clients.push(client);
  return client;
}

const withBehaviour = (behaviour: object): string => `&sim=${encodeURIComponent(JSON.stringify(behaviour))}`;

const ULAW = { type: 'audio/pcmu' };
const SESSION = {
  type: 'realtime',
  instructions: 'Speak English.',
  audio: { input: { format: ULAW, transcription: { model: 'whisper-1' }, turn_detection: { type: 'server_vad', silence_duration_ms: 300 } }, output: { format: ULAW, voice: 'marin' } },
};
const utterance = (hz: number, ms = 800): Uint8Array => encodeUlaw(concatSamplesOf(hz, ms));
function concatSamplesOf(hz: number, ms: number): Int16Array {
  const parts = [silence(200), tone(hz, ms), silence(500)];
  const out = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

async function ready(query = '', session: object = SESSION): Promise<RealtimeClient> {
  const client = await open(query);
  await client.until('session.created');
  client.send({ type: 'session.update', session });
  await client.until('session.updated');
  return client;
}

describe('a session', () => {
  it('echoes the update it was given', async () => {
    const client = await ready();
    const updated = client.events.find((event) => event.type === 'session.updated')!['session'] as { audio: { output: unknown; input: { format: unknown } } };
    expect(updated.audio.output).toEqual({ format: ULAW, voice: 'marin', speed: 1 });
    expect(updated.audio.input.format).toEqual(ULAW);
  });

  it('hears speech in the energy of G.711 and answers with the tone, faster than real time', async () => {
    const client = await ready();
    client.speak(utterance(QUESTION_TONES.question));
    const started = await client.until('input_audio_buffer.speech_started');
    expect(started['audio_start_ms']).toBeLessThanOrEqual(200);
    const stopped = await client.until('input_audio_buffer.speech_stopped');
    expect(stopped['audio_end_ms']).toBe(1_000);
    const began = performance.now();
    await client.until('response.done');
    const audio = client.audio();
    expect(performance.now() - began).toBeLessThan(audio.length / 8 / 2);
    expect(hearsTone(decodeUlaw(audio), ANSWER_TONE_HZ)).toBe(true);
    const order = client.events.map((event) => event.type).filter((type, index, all) => all.indexOf(type) === index);
    const expected = ['input_audio_buffer.speech_started', 'input_audio_buffer.speech_stopped', 'input_audio_buffer.committed', 'conversation.item.added', 'conversation.item.done', 'response.created', 'response.output_item.added', 'response.content_part.added', 'response.output_audio_transcript.delta', 'response.output_audio.delta', 'response.output_audio.done', 'response.output_audio_transcript.done', 'response.content_part.done', 'response.output_item.done', 'response.done'];
    expect(order.filter((type) => expected.includes(type))).toEqual(expected);
    const heard = await client.until('conversation.item.input_audio_transcription.completed');
    expect(heard['transcript']).toMatch(/^SIMULATED.*500 Hz/);
  });

  it.each([
    ['audio/pcma', undefined, 8],
    ['audio/pcm', 24_000, 48],
  ])('speaks %s when asked', async (type, rate, bytesPerMs) => {
    const format = rate === undefined ? { type } : { type, rate };
    const client = await ready(withBehaviour({ speechMs: 1_000 }), { type: 'realtime', audio: { output: { format } } });
    client.send({ type: 'response.create' });
    await client.until('response.done');
    expect(client.audio().length).toBe(1_000 * bytesPerMs);
  });

  it('cancels its answer when the caller speaks over it and says why', async () => {
    const client = await ready(withBehaviour({ speechMs: 20_000, speedup: 1 }));
    client.send({ type: 'response.create' });
    await client.until('response.output_audio.delta');
    client.speak(encodeUlaw(tone(700, 300)));
    const done = await client.until('response.done');
    expect(done['response']).toMatchObject({ status: 'cancelled', status_details: { reason: 'turn_detected' } });
    const after = client.events.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(client.audio(after).length).toBe(0);
  });

  it('goes on speaking when interrupt_response is off', async () => {
    const session = { ...SESSION, audio: { ...SESSION.audio, input: { ...SESSION.audio.input, turn_detection: { type: 'server_vad', interrupt_response: false, create_response: false } } } };
    const client = await ready(withBehaviour({ speechMs: 2_000, speedup: 2 }), session);
    client.send({ type: 'response.create' });
    await client.until('response.output_audio.delta');
    client.speak(encodeUlaw(tone(700, 300)));
    await client.until('input_audio_buffer.speech_started');
    const done = await client.until('response.done');
    expect(done['response']).toMatchObject({ status: 'completed' });
  });

  it('truncates within what was spoken, and refuses more, less than nothing and unknown items', async () => {
    const client = await ready(withBehaviour({ speechMs: 2_000 }));
    client.send({ type: 'response.create' });
    const delta = await client.until('response.output_audio.delta');
    await client.until('response.done');
    const truncate = (item_id: unknown, audio_end_ms: number): void => client.send({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms });
    truncate(delta['item_id'], 2_001);
    expect((await client.until('error'))['error']).toMatchObject({ message: 'Audio content of 2000ms is already shorter than 2001ms' });
    truncate(delta['item_id'], 700);
    expect(await client.until('conversation.item.truncated')).toMatchObject({ audio_end_ms: 700 });
    truncate(delta['item_id'], 701);
    await client.until((event) => event.type === 'error' && JSON.stringify(event).includes('shorter than 701ms'));
    truncate('item_nobody', 1);
    await client.until((event) => event.type === 'error' && JSON.stringify(event).includes('item_truncate_invalid_item_id'));
    client.send({ type: 'conversation.item.create', item: { type: 'message', id: 'said', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] } });
    truncate('said', 0);
    await client.until((event) => event.type === 'error' && JSON.stringify(event).includes('unsupported_content_type'));
  });

  it('calls a declared tool when asked for a person, and takes its result only for a call that exists', async () => {
    const client = await ready('', { ...SESSION, tools: [{ type: 'function', name: 'transfer_to_person', description: 'x', parameters: { type: 'object' } }] });
    client.speak(utterance(QUESTION_TONES.person));
    const call = await client.until('response.function_call_arguments.done');
    expect(call['name']).toBe('transfer_to_person');
    await client.until('response.done');
    const from = client.events.length;
    client.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: 'call_wrong', output: '{}' } });
    await client.until((event) => event.type === 'error' && JSON.stringify(event).includes('invalid_tool_call_id'));
    client.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: call['call_id'], output: '{"accepted":true}' } });
    client.send({ type: 'response.create' });
    const said = await client.until('response.output_audio_transcript.done', from);
    expect(said['transcript']).toContain('accepted');
  });

  it('answers out of band beside an active response, without touching the conversation', async () => {
    const client = await ready(withBehaviour({ speechMs: 5_000, speedup: 1 }));
    client.send({ type: 'response.create' });
    await client.until('response.output_audio.delta');
    client.send({ type: 'response.create', response: { conversation: 'none', output_modalities: ['text'], instructions: 'Summarise the conversation.', metadata: { purpose: 'summary' }, input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'My invoice is wrong' }] }] } });
    const text = await client.until('response.output_text.done');
    expect(text['text']).toMatch(/^SIMULATED summary.*My invoice is wrong/);
    const done = await client.until('response.done');
    expect(done['response']).toMatchObject({ conversation_id: null, metadata: { purpose: 'summary' } });
    client.send({ type: 'response.create' });
    await client.until((event) => event.type === 'error' && JSON.stringify(event).includes('conversation_already_has_active_response'));
  });

  it.each([
    [{ type: 'response.cancel' }, 'response_cancel_not_active'],
    [{ type: 'session.make_tea' }, 'invalid_value'],
    [{ type: 'session.update', session: { type: 'realtime', temperature: 0.8 } }, 'unknown_parameter'],
    [{ type: 'session.update', session: { voice: 'marin' } }, 'invalid_value'],
    [{ type: 'input_audio_buffer.append' }, 'missing_required_parameter'],
    [{ type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty'],
    [{ event_id: 'mine' }, 'missing_required_parameter'],
  ])('refuses %j with %s and lives on', async (event, code) => {
    const client = await ready();
    client.send(event);
    expect((await client.until('error'))['error']).toMatchObject({ code });
    client.send({ type: 'input_audio_buffer.clear' });
    await client.until('input_audio_buffer.cleared');
  });
});

describe('the door', () => {
  it('refuses a missing key, a missing model and another path', async () => {
    await expect(open('', {})).rejects.toThrow('refused with 401');
    await expect(RealtimeClient.open(simulator.url)).rejects.toThrow('refused with 400');
    await expect(RealtimeClient.open(simulator.url.replace('/realtime', '/other'))).rejects.toThrow('refused with 404');
  });

  it('closes a client of the Beta with 4000', async () => {
    const client = await open('', { authorization: 'Bearer test', 'openai-beta': 'realtime=v1' });
    expect(await client.closed).toEqual({ code: 4000, reason: 'invalid_request_error.beta_api_shape_disabled' });
    expect(client.events[0]).toMatchObject({ type: 'error', error: { code: 'beta_api_shape_disabled' } });
  });
});

describe('told to misbehave', () => {
  it('refuses the upgrade, for as many sessions as told', async () => {
    simulator.setFaults({ upgradeStatus: 429, sessions: 1 });
    await expect(open()).rejects.toThrow('refused with 429');
    await expect(open()).resolves.toBeDefined();
  });

  it('is slow to the first byte', async () => {
    const client = await ready(withBehaviour({ firstByteMs: 400 }));
    const began = performance.now();
    client.send({ type: 'response.create' });
    await client.until('response.output_audio.delta');
    expect(performance.now() - began).toBeGreaterThan(390);
  });

  it('drops the connection in mid-response', async () => {
    const client = await ready(withBehaviour({ speechMs: 5_000, cutAfterAudioMs: 1_000 }));
    client.send({ type: 'response.create' });
    expect((await client.closed).code).toBe(1006);
    expect(client.audio().length).toBe(8_000);
  });

  it('says pcmu and sends PCM at 24 kHz', async () => {
    const client = await ready(withBehaviour({ wrong: 'format-silent', speechMs: 1_000 }));
    client.send({ type: 'response.create' });
    await client.until('response.done');
    expect(client.audio().length).toBe(48_000);
  });

  it('hangs, sends garbage, and ends its hour early', async () => {
    const hung = await open(withBehaviour({ hang: true }));
    const wrong = await open(withBehaviour({ wrong: 'garbage-json' }));
    wrong.send({ type: 'session.update', session: SESSION });
    await wrong.until('(garbage)');
    const short = await open(withBehaviour({ sessionMs: 50 }));
    expect(await short.closed).toEqual({ code: 1001, reason: 'Your session hit the maximum duration of 60 minutes.' });
    expect(hung.events).toEqual([]);
    const older = await open(withBehaviour({ sessionMs: 50, expiry: 'error' }));
    expect((await older.until('error'))['error']).toMatchObject({ code: 'session_expired' });
    expect((await older.closed).code).toBe(1001);
  });

  it('obeys the marker in the instructions and scripted tool calls', async () => {
    const client = await ready('', { ...SESSION, instructions: 'Be kind. [[simulator {"say":"Marked","toolCalls":[{"onTurn":1,"name":"hang_up","arguments":{"reason":"test"}}]}]]' });
    client.speak(utterance(600));
    const call = await client.until('response.function_call_arguments.done');
    expect(call).toMatchObject({ name: 'hang_up', arguments: '{"reason":"test"}' });
    expect(client.events.find((event) => event.type === 'response.output_audio_transcript.done')!['transcript']).toBe('SIMULATED. Marked');
  });

  it('tells the sessions of a name apart, the first of them from the others, and drops those chosen', async () => {
    const named = { ...SESSION, instructions: 'Be kind. [[simulator as kind]]' };
    const said = async (client: RealtimeClient): Promise<unknown> => {
      const before = client.events.length;
      client.send({ type: 'response.create' });
      await client.until('response.done');
      return client.events.slice(before).find((event) => event.type === 'response.output_audio_transcript.done')!['transcript'];
    };
    simulator.setFaults({ as: 'kind', say: 'Named', sessions: 1 });
    const other = await ready();
    const first = await ready('', named);
    const second = await ready('', named);
    expect(await said(first)).toBe('SIMULATED. Named');
    for (const client of [other, second]) expect(await said(client)).not.toBe('SIMULATED. Named');
    simulator.setFaults({ as: 'kind', say: 'Named later' });
    simulator.setFaults({ as: 'unkind', say: 'Not named' });
    const third = await ready('', named);
    expect(await said(third)).toBe('SIMULATED. Named later');
    simulator.setFaults({ as: 'kind', sessionMs: 1 });
    expect((await (await ready('', named)).closed).code).toBe(1001);
    simulator.drop(({ events }) => events.some(({ event }) => JSON.stringify(event).includes('[[simulator as kind]]')));
    for (const client of [first, second, third]) expect((await client.closed).code).toBeGreaterThan(1000);
    other.send({ type: 'input_audio_buffer.clear' });
    await other.until('input_audio_buffer.cleared');
  });

  it('is controlled and read over HTTP, and names every fault of a bad behaviour', async () => {
    const bad = await fetch(`${simulator.controlUrl}/control/faults`, { method: 'POST', body: JSON.stringify({ firstByteMs: -1, nonsense: true }) });
    expect(bad.status).toBe(400);
    const problem = (await bad.json()) as { message: string };
    expect(problem.message).toMatch(/firstByteMs.*nonsense/s);
    await fetch(`${simulator.controlUrl}/control/faults`, { method: 'POST', body: JSON.stringify({ say: 'By HTTP' }) });
    const client = await ready();
    client.send({ type: 'response.create' });
    await client.until('response.done');
    client.speak(concatBytes([utterance(600, 100)]));
    const log = (await (await fetch(`${simulator.controlUrl}/control/log`)).json()) as { sessions: { events: { type: string }[] }[] };
    expect(log.sessions.at(-1)!.events.map((event) => event.type)).toContain('response.create');
    expect(detectTone(decodeUlaw(client.audio()), ANSWER_TONE_HZ)).toBeGreaterThan(0.5);
  });
});
