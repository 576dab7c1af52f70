import { describe, expect, it, vi, type TestContext } from 'vitest';
import { promptTone } from '../index.js';
import { CALLER, callIn, NUMBER, openVoiceBench, over, words, type VoiceBench } from '../../test/support/voice-bench.js';

/** A simulator of a test's own, closed when the test is over: these mostly wait, so they run beside each other. */
async function benchOf({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<VoiceBench> {
  const bench = await openVoiceBench();
  onTestFinished(() => bench.close());
  return bench;
}

const codes = (bench: VoiceBench) => bench.simulator.voice.alerts().map(({ code }) => code);
/** Waits until it is so. */
const until = <T>(seen: () => T, wanted: Awaited<T>) => vi.waitFor(async () => expect(await seen()).toBe(wanted), { timeout: 8_000 });

describe.concurrent('a call from the telephone network', () => {
  it('is asked about as Twilio asks: signed, with all parameters, and told of at its end', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': '<Say language="es-MX" voice="Polly.Mia">Bienvenidos.</Say>' });
    const made = bench.simulator.voice.call({
      from: CALLER,
      to: NUMBER,
      callerName: 'ANA',
      stirVerstat: 'TN-Validation-Passed-A',
      forwardedFrom: '+56922223333',
    });
    expect(await over(bench, made.call.sid)).toMatchObject({ status: 'completed', said: [{ verb: 'Say', text: 'Bienvenidos.', language: 'es-MX' }] });
    await until(() => bench.server.at('/status').length, 1);
    const [voice] = bench.server.at('/voice');
    expect(voice).toMatchObject({
      method: 'POST',
      isSigned: true,
      parameters: {
        CallSid: made.call.sid, AccountSid: bench.simulator.accountSid, From: CALLER, To: NUMBER, Caller: CALLER, Called: NUMBER,
        CallStatus: 'ringing', Direction: 'inbound', ApiVersion: '2010-04-01',
        CallerName: 'ANA', StirVerstat: 'TN-Validation-Passed-A', ForwardedFrom: '+56922223333', FromCountry: 'CL',
      },
    });
    expect(voice!.headers['i-twilio-idempotency-token']).toBeUndefined();
    expect(bench.server.at('/status')[0]).toMatchObject({
      isSigned: true,
      parameters: { CallStatus: 'completed', SequenceNumber: '0', CallbackSource: 'call-progress-events', CallDuration: '1' },
    });
    expect(codes(bench)).toEqual([]);
  });

  it('gathers keys: the first one ends the prompt, the number of them or the finish key ends it', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({
      '/voice': `<Gather numDigits="2" action="/menu?step=1"><Say>Press two keys${', or wait'.repeat(400)}.</Say></Gather>`,
      '/menu': ({ Digits, step }) => `<Gather action="/end"><Say>You pressed ${Digits} in step ${step}.</Say></Gather>`,
      '/end': ({ Digits, FinishedOnKey }) => `<Say>Then ${Digits} and ${FinishedOnKey}.</Say>`,
    });
    const second = 'You pressed 42 in step 1.';
    const { call: made } = callIn(bench, [
      { untilSaid: 'Press two' },
      { press: '4' },
      { press: '2' },
      { untilSaid: 'pressed 42' },
      { untilHears: promptTone(second), withinMs: 5_000 },
      { press: '123#' },
      { untilSaid: 'Then 123 and #' },
    ]);
    expect(await over(bench, made.sid)).toMatchObject({ status: 'completed', digits: '42123#', script: { done: 7 } });
    expect(bench.server.arrived.every(({ isSigned }) => isSigned)).toBe(true);
  });

  it('falls through an empty gather, unless its action wants to know', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({
      '/voice': '<Gather timeout="1"><Say>Anybody?</Say></Gather><Say>Nobody.</Say><Redirect>/again</Redirect>',
      '/again': '<Gather timeout="1" actionOnEmptyResult="true" action="/empty"/><Say>never</Say>',
      '/empty': ({ Digits }) => `<Say>Got [${Digits}]</Say>`,
    });
    const { call: made } = callIn(bench, []);
    expect(words(await over(bench, made.sid))).toEqual(['Anybody?', 'Nobody.', 'Got []']);
  });

  it('is refused without an answer, as the first verb only', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': '<Reject reason="busy"/>' });
    const refused = callIn(bench, []);
    expect((await over(bench, refused.call.sid)).status).toBe('busy');
    expect(refused.line.isUp || refused.call.isAnswered).toBe(false);
    bench.server.serve({ '/voice': '<Say>Sorry.</Say><Reject/>' });
    const late = callIn(bench, []);
    expect(await over(bench, late.call.sid)).toMatchObject({ status: 'completed', said: [{ text: 'Sorry.' }] });
  });

  it('is asked about at the number’s application, when it points at one', async (test) => {
    const bench = await benchOf(test);
    const { sid } = await bench.sdk.applications.create({ friendlyName: 'menu', voiceUrl: `${bench.server.url}/application` });
    await bench.sdk.incomingPhoneNumbers(bench.numberSid).update({ voiceApplicationSid: sid });
    bench.server.serve({ '/voice': '<Say>The number.</Say>', '/application': '<Say>The application.</Say>' });
    expect(words(await over(bench, callIn(bench, []).call.sid))).toEqual(['The application.']);
  });

  it('goes on at a redirect, relative to where it was, and follows what HTTP says as GET without parameters', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({
      '/voice': '<Redirect>/a/b?x=1</Redirect>',
      '/a/b': () => ({ status: 302, location: 'c' }),
      '/a/c': '<Say>here</Say><Hangup/><Say>never</Say>',
    });
    const { call: made } = callIn(bench, []);
    expect(words(await over(bench, made.sid))).toEqual(['here']);
    expect(bench.server.at('/a/c')[0]).toMatchObject({ method: 'GET', path: '/a/c', parameters: {}, isSigned: true });
  });

  it('ends its waits at once when the caller hangs up', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': '<Pause length="600"/><Say>never</Say>' });
    const { call: made } = callIn(bench, [{ wait: 50 }, { hangUp: true }]);
    expect(words(await over(bench, made.sid))).toEqual([]);
    expect(made.status).toBe('canceled');
    await until(() => bench.server.at('/status')[0]?.parameters['CallStatus'], 'canceled');
  });

  it('hears prompts as sound, and presses keys of <Play>', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': '<Say>One long sentence, so that there is something to be heard of it.</Say><Play digits="5"/>' });
    const { script, call: made } = callIn(bench, [{ untilHears: promptTone('One long sentence, so that there is something to be heard of it.') }]);
    expect(await script.ended).toEqual({ done: 1 });
    await over(bench, made.sid);
  });
});

describe.concurrent('a server that fails', () => {
  it.for<readonly [string, number, Parameters<VoiceBench['server']['serve']>[0]]>([
    ['with HTTP 500', 11200, { '/voice': () => ({ status: 500 }) }],
    ['with what is no XML', 12100, { '/voice': () => ({ status: 200, body: '<Response><Say>Hola & chao</Say></Response>' }) }],
    ['with another document', 12102, { '/voice': () => ({ status: 200, body: '<Answer/>' }) }],
    ['with nothing', 12100, { '/voice': () => ({ status: 200 }) }],
    ['with a page for people', 12300, { '/voice': () => ({ status: 200, body: 'hello', type: 'text/plain' }) }],
    ['with more than 64 KB', 11750, { '/voice': `<Say>${'x'.repeat(70_000)}</Say>` }],
    ['by an address that is none', 11100, { '/voice': '<Redirect>mailto:nobody@example</Redirect>' }],
    ['by redirects for ever', 11215, { '/voice': () => ({ status: 302, location: '/voice' }) }],
  ])('%s is replaced by the fallback, which learns why', async ([, code, pages], test) => {
    const bench = await benchOf(test);
    bench.server.serve({ ...pages, '/fallback': '<Say>Later, please.</Say>' });
    const { call: made } = callIn(bench, []);
    expect(words(await over(bench, made.sid))).toEqual(['Later, please.']);
    expect(codes(bench)).toEqual([code]);
    expect(bench.server.at('/fallback')[0]!.parameters).toMatchObject({
      CallSid: made.sid,
      ErrorCode: String(code),
      ErrorUrl: code === 11100 ? 'mailto:nobody@example' : `${bench.server.url}/voice`,
    });
  });

  it('with its fallback too ends the call as failed', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': () => ({ status: 500 }), '/fallback': () => ({ status: 503 }) });
    const { call: made } = callIn(bench, []);
    expect(await over(bench, made.sid)).toMatchObject({ status: 'failed', trouble: expect.stringContaining('no TwiML') });
    expect(codes(bench)).toEqual([11200, 11200]);
  });

  it('by silence is given up after the time that its URL allows, and isn’t asked again', async (test) => {
    const bench = await benchOf(test);
    await bench.sdk.incomingPhoneNumbers(bench.numberSid).update({ voiceUrl: `${bench.server.url}/voice#rt=150` });
    bench.server.serve({ '/voice': () => ({ status: 200, body: '<Response/>', afterMs: 2_000 }), '/fallback': '<Say>Later.</Say>' });
    const { call: made } = callIn(bench, []);
    expect(words(await over(bench, made.sid))).toEqual(['Later.']);
    expect(bench.server.at('/voice').length).toBe(1);
    expect(bench.server.at('/voice')[0]!.isSigned).toBe(true);
  });

  it('is asked again when it can’t be reached, and by what its URL says; what is asked again can be told by its token', async (test) => {
    const bench = await benchOf(test);
    await bench.sdk.incomingPhoneNumbers(bench.numberSid).update({
      voiceUrl: 'http://127.0.0.1:9/voice',
      voiceFallbackUrl: `${bench.server.url}/fallback#rc=2&rp=5xx`,
    });
    bench.server.serve({ '/fallback': (_, tries) => (tries < 3 ? { status: 503 } : '<Say>At last.</Say>') });
    const { call: made } = callIn(bench, []);
    expect(words(await over(bench, made.sid))).toEqual(['At last.']);
    const asked = bench.simulator.voice.webhooks().map(({ why, tries, status }) => [why, tries, status]);
    expect(asked).toEqual(expect.arrayContaining([['voice', 2, 0], ['fallback', 3, 200]]));
    expect(bench.simulator.voice.alerts()[0]).toMatchObject({ code: 11205 });
    expect(bench.server.at('/fallback').map(({ headers }) => headers['i-twilio-idempotency-token'] !== undefined)).toEqual([false, true, true]);
  });

  it('with verbs and attributes that nobody knows is warned of, and the rest is done', async (test) => {
    const bench = await benchOf(test);
    const voices = '<Say language="es-CL">No.</Say><Say voice="Polly.Mia" language="en-US">No.</Say>';
    bench.server.serve({ '/voice': `<Shout>Hey</Shout><Say speed="fast">Hola.</Say><Gather numDigits="many" timeout="1"/>${voices}<Say>Chao.</Say>` });
    const { call: made } = callIn(bench, []);
    expect(words(await over(bench, made.sid))).toEqual(['Hola.', 'Chao.']);
    expect(codes(bench)).toEqual([12200, 12200, 13314, 13512, 13511]);
  });

  it('is of a suspended account: the call is dropped', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': '<Say>never</Say>' });
    bench.simulator.world.main.status = 'suspended';
    const { call: made } = callIn(bench, []);
    expect([(await over(bench, made.sid)).status, bench.server.at('/voice')]).toEqual(['failed', []]);
  });

  it('has no voice URL: the call is dropped and nobody is told why', async (test) => {
    const bench = await benchOf(test);
    await bench.sdk.incomingPhoneNumbers(bench.numberSid).update({ voiceUrl: '', voiceFallbackUrl: '' });
    const { call: made } = callIn(bench, []);
    expect((await over(bench, made.sid)).status).toBe('failed');
    expect([codes(bench), bench.simulator.voice.webhooks().filter(({ why }) => why !== 'status')]).toEqual([[], []]);
  });
});

describe.concurrent('callbacks', () => {
  it('come late, often, in any order or never, as they are told', async (test) => {
    const bench = await benchOf(test);
    bench.simulator.set({ voice: { callbacks: { repeat: 3, shuffleMs: 30 } } });
    bench.server.serve({ '/voice': '<Hangup/>' });
    await over(bench, callIn(bench, []).call.sid);
    await until(() => bench.server.at('/status').length, 3);
    bench.simulator.set({ voice: { callbacks: { lose: 1 } } });
    await over(bench, callIn(bench, []).call.sid);
    bench.simulator.set({ voice: { callbacks: {} } });
    await over(bench, callIn(bench, []).call.sid);
    await until(() => bench.server.at('/status').length, 4);
    expect(bench.server.at('/status').every(({ isSigned }) => isSigned)).toBe(true);
  });
});

describe.concurrent('REST', () => {
  it('makes calls, tells of their progress, and lists them with their price when it is known', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/out': '<Say>Hello.</Say>', '/voice': '<Hangup/>' });
    bench.simulator.set({ voice: { rating: { afterMs: 600_000 } } });
    const unpriced = callIn(bench, []).call.sid;
    await over(bench, unpriced);
    expect((await bench.sdk.calls(unpriced).fetch()).price).toBeNull();
    bench.simulator.set({ voice: { rating: { afterMs: 150, perMinute: 0.02 } } });
    const made = await bench.sdk.calls.create({
      from: NUMBER,
      to: CALLER,
      url: `${bench.server.url}/out`,
      statusCallback: `${bench.server.url}/progress`,
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
    });
    expect([made.status, made.direction]).toEqual(['queued', 'outbound-api']);
    expect(words(await over(bench, made.sid))).toEqual(['Hello.']);
    await until(() => bench.server.at('/progress').length, 4);
    const told = bench.server.at('/progress').map(({ parameters }) => [parameters['SequenceNumber'], parameters['CallStatus']].join(' ')).toSorted();
    expect(told).toEqual(['0 initiated', '1 ringing', '2 in-progress', '3 completed']);
    await until(async () => (await bench.sdk.calls(made.sid).fetch()).price, '-0.02000');
    bench.simulator.set({ voice: { rating: {} } });
    const inbound = callIn(bench, []).call.sid;
    await over(bench, inbound);
    // As the price list says it of Chile.
    await until(async () => (await bench.sdk.calls(inbound).fetch()).price, '-0.01100');
    expect((await bench.sdk.calls.list({ to: CALLER, status: 'completed' })).map(({ sid }) => sid)).toEqual([made.sid]);
    expect(await bench.sdk.calls.list({ startTimeAfter: new Date(Date.now() + 60_000) })).toEqual([]);
  });

  it('ends a call, and sends one elsewhere in the middle of a sentence', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': '<Pause length="600"/>', '/elsewhere': '<Say>Elsewhere.</Say><Pause length="600"/>' });
    await bench.sdk.incomingPhoneNumbers(bench.numberSid).update({ voiceUrl: `${bench.server.url}/voice` });
    const { call: made, script } = callIn(bench, [{ untilSaid: 'Elsewhere' }]);
    await until(() => bench.server.at('/voice').length, 1);
    await bench.sdk.calls(made.sid).update({ url: `${bench.server.url}/elsewhere` });
    expect(await script.ended).toEqual({ done: 1 });
    await bench.sdk.calls(made.sid).update({ status: 'completed' });
    expect((await over(bench, made.sid)).status).toBe('completed');
    await expect(bench.sdk.calls(made.sid).update({ twiml: '<Response/>' })).rejects.toMatchObject({ code: 21220 });
  });

  it.for<readonly [string, number, (bench: VoiceBench) => Promise<unknown>]>([
    ['a caller that isn’t the account’s', 21210, ({ sdk }) => sdk.calls.create({ from: '+56900000000', to: CALLER, twiml: '<Response/>' })],
    ['a SIP address as caller', 21212, ({ sdk }) => sdk.calls.create({ from: 'sip:a@b.sip.twilio.com', to: CALLER, twiml: '<Response/>' })],
    ['a number that is none', 21211, ({ sdk }) => sdk.calls.create({ from: NUMBER, to: '12', twiml: '<Response/>' })],
    ['a country that the account may not call', 21215, ({ sdk, simulator }) => {
      simulator.set({ voice: { dialingPermissions: true } });
      return sdk.calls.create({ from: NUMBER, to: CALLER, twiml: '<Response/>' });
    }],
    ['no TwiML and no address of it', 21205, ({ sdk }) => sdk.calls.create({ from: NUMBER, to: CALLER } as never)],
    ['a call that there isn’t', 20404, ({ sdk }) => sdk.calls(`CA${'0'.repeat(32)}`).fetch()],
  ])('refuses %s', async ([, code, act], test) => {
    await expect(act(await benchOf(test))).rejects.toMatchObject({ code });
  });
});
