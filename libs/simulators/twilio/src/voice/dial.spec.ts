import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callIn, NUMBER, openVoiceBench, over, words, type ScriptWish, type VoiceBench } from '../../test/support/voice-bench.js';

const OTHER = '+56933334444';
const EVENTS = 'statusCallbackEvent="initiated ringing answered completed"';
const PHONE = 'sip:+56229145248-office@plaza.sip.twilio.com';

let bench: VoiceBench;
beforeEach(async () => {
  bench = await openVoiceBench({
    callees: [
      { number: OTHER, does: { what: 'answer', afterMs: 30, hz: 900 } },
      { number: PHONE, does: { what: 'answer', afterMs: 30, hz: 700 } },
    ],
  });
});
afterEach(() => bench.close());

const call = (script: ScriptWish = []) => callIn(bench, script);
const codes = () => bench.simulator.voice.alerts().map(({ code }) => code);
const after = async () => {
  await expect.poll(() => bench.server.at('/after').length, { timeout: 8_000 }).toBe(1);
  return bench.server.at('/after')[0]!.parameters;
};
const legs = () => bench.simulator.voice.calls().filter(({ direction }) => direction === 'outbound-dial');

describe('<Dial>', () => {
  it('connects both: each hears the other, and the action learns how long', async () => {
    bench.server.serve({
      '/voice': `<Dial action="/after" callerId="${NUMBER}"><Number statusCallback="/leg" ${EVENTS}>${OTHER}</Number></Dial>`,
      '/after': '<Say>Over.</Say>',
    });
    bench.simulator.set({ voice: { callees: [{ number: OTHER, does: { what: 'answer', afterMs: 30, hz: 900, hangUpMs: 600, presses: '' } }] } });
    const { call: made, script } = call([{ untilHears: 900 }, { speak: { hz: 1_200, ms: 200 } }]);
    expect(await script.ended).toEqual({ done: 2 });
    expect(words(await over(bench, made.sid))).toEqual(['Over.']);
    const [leg] = legs();
    expect(await after()).toMatchObject({
      DialCallStatus: 'completed',
      DialCallSid: leg!.sid,
      DialBridged: 'true',
      DialCallDuration: '1',
      CallStatus: 'in-progress',
    });
    expect(leg).toMatchObject({ parentSid: made.sid, from: NUMBER, to: OTHER });
    await expect.poll(() => bench.server.at('/leg').length).toBe(4);
    const told = bench.server.at('/leg').map(({ parameters: { SequenceNumber, CallStatus, ParentCallSid } }) => `${SequenceNumber} ${CallStatus} ${ParentCallSid}`);
    expect(told.toSorted()).toEqual(['0 initiated', '1 ringing', '2 in-progress', '3 completed'].map((each) => `${each} ${made.sid}`));
  });

  it.each<readonly [string, string, Parameters<VoiceBench['simulator']['set']>[0]]>([
    ['busy', 'busy', { voice: { callees: [{ number: OTHER, does: { what: 'busy' } }] } }],
    ['no answer', 'no-answer', { voice: { callees: [{ number: OTHER, does: { what: 'no-answer' } }] } }],
    ['a network that fails', 'failed', { voice: { callees: [{ number: '/^\\+569/', does: { what: 'fail' } }] } }],
  ])('tells of %s', async (_, status, settings) => {
    bench.simulator.set(settings);
    bench.server.serve({
      '/voice': `<Dial action="/after" timeout="2" answerOnBridge="true"><Number>${OTHER}</Number></Dial>`,
      '/after': '<Reject reason="busy"/>',
    });
    const { call: made } = call();
    // Nobody was connected, so the caller was never answered, and can still be refused.
    expect((await over(bench, made.sid)).status).toBe('busy');
    expect(await after()).toMatchObject({ DialCallStatus: status, DialBridged: 'false', CallStatus: 'ringing' });
  });

  it('ends with the caller: the leg is hung up, and the action is told though nothing can come of it', async () => {
    bench.server.serve({ '/voice': `<Dial action="/after"><Sip>${PHONE}</Sip></Dial>`, '/after': '<Say>never</Say>' });
    const { call: made } = call([{ untilHears: 700 }, { hangUp: true }]);
    await over(bench, made.sid);
    expect(await after()).toMatchObject({ DialCallStatus: 'completed', DialBridged: 'true', CallStatus: 'completed' });
    expect([legs()[0]!.status, words(made)]).toEqual(['completed', []]);
  });

  it('ends while it rings: the leg is canceled', async () => {
    bench.simulator.set({ voice: { callees: [{ number: OTHER, does: { what: 'no-answer' } }] } });
    bench.server.serve({ '/voice': `<Dial action="/after" timeout="60"><Number>${OTHER}</Number></Dial>` });
    const { call: made } = call([{ wait: 200 }, { hangUp: true }]);
    await over(bench, made.sid);
    expect(await after()).toMatchObject({ DialCallStatus: 'canceled', DialBridged: 'false' });
    expect(legs()[0]!.status).toBe('canceled');
  });

  it.each<readonly [string, number, string]>([
    ['a caller ID that is nobody’s', 13247, `<Dial action="/after" callerId="+15550001111"><Number>${OTHER}</Number></Dial>`],
    ['a caller ID that is no number', 13214, `<Dial action="/after" callerId="office"><Number>${OTHER}</Number></Dial>`],
    ['a caller ID with a space', 13214, `<Dial action="/after" callerId="front desk"><Sip>${PHONE}</Sip></Dial>`],
    ['a number that isn’t E.164', 13223, '<Dial action="/after">229145248</Dial>'],
    ['a country that the account may not call', 13227, `<Dial action="/after" callerId="${NUMBER}">+56933334444</Dial>`],
    ['a URI that is none', 13243, '<Dial action="/after"><Sip>office</Sip></Dial>'],
    ['two phones on an account without enhanced SIP', 13250, `<Dial action="/after"><Sip>${PHONE}</Sip><Number>${OTHER}</Number></Dial>`],
    ['headers without end', 13253, `<Dial action="/after"><Sip>${PHONE}?X-A=${'a'.repeat(1_100)}</Sip></Dial>`],
  ])('refuses %s', async (_, code, twiml) => {
    bench.server.serve({ '/voice': twiml, '/after': '<Hangup/>' });
    bench.simulator.set({ voice: { dialingPermissions: code === 13227 } });
    call();
    expect(await after()).toMatchObject({ DialCallStatus: 'failed' });
    expect([codes(), legs()]).toEqual([[code], []]);
  });

  it('rings several at once when the account may, and takes the first', async () => {
    bench.simulator.set({ voice: {
      enhancedSip: true,
      callees: [{ number: OTHER, does: { what: 'no-answer' } }, { number: PHONE, does: { what: 'answer', afterMs: 60, hz: 700 } }],
    } });
    bench.server.serve({ '/voice': `<Dial action="/after"><Number>${OTHER}</Number><Sip>${PHONE}</Sip></Dial>` });
    const { script } = call([{ untilHears: 700 }, { hangUp: true }]);
    expect(await script.ended).toEqual({ done: 2 });
    expect(legs().map(({ to, status }) => [to, status])).toEqual([[OTHER, 'no-answer'], [PHONE, 'completed']]);
  });

  it('asks whoever answers first, and connects only when that says so', async () => {
    bench.simulator.set({ voice: { callees: [{ number: OTHER, does: { what: 'answer', afterMs: 10, presses: '', hz: 900 } }] } });
    bench.server.serve({
      '/voice': `<Dial action="/after" answerOnBridge="true"><Number url="/whisper">${OTHER}</Number></Dial>`,
      '/whisper': '<Gather timeout="1" action="/accept"><Say>Press a key to take it.</Say></Gather><Hangup/>',
      '/after': '<Say>Nobody took it.</Say>',
    });
    const { call: made } = call();
    expect(words(await over(bench, made.sid))).toEqual(['Nobody took it.']);
    expect(await after()).toMatchObject({ DialBridged: 'false' });
    expect(words(legs()[0]!)).toEqual(['Press a key to take it.']);
    expect(bench.server.at('/whisper')[0]!.parameters).toMatchObject({ CallSid: legs()[0]!.sid, ParentCallSid: made.sid, Direction: 'outbound-dial' });
  });

  it('ends by the star of the caller, and by the time it may take', async () => {
    bench.server.serve({ '/voice': `<Dial hangupOnStar="true">${OTHER}</Dial><Dial timeLimit="3">${OTHER}</Dial><Say>Both over.</Say>` });
    const { script } = call([{ untilHears: 900 }, { press: '*' }, { untilSaid: 'Both over' }]);
    expect(await script.ended).toEqual({ done: 3 });
    expect(legs().map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  it('hands keys on, both ways', async () => {
    bench.simulator.set({ voice: { callees: [{ number: OTHER, does: { what: 'answer', afterMs: 10, hz: 900, presses: '' } }] } });
    bench.server.serve({ '/voice': `<Dial action="/after"><Number sendDigits="77">${OTHER}</Number></Dial>` });
    const { script } = call([{ untilHears: 900 }, { press: '12' }, { hangUp: true }]);
    await script.ended;
    await after();
    expect(bench.simulator.voice.plane.calls.get(legs()[0]!.sid)!.line).toHaveProperty('digitsHeard', '7712');
  });

  it('lets a dialled leg go elsewhere by REST, and goes on itself', async () => {
    bench.server.serve({
      '/voice': `<Dial action="/after"><Number>${OTHER}</Number></Dial>`,
      '/after': '<Say>Alone.</Say><Pause length="100"/>',
      '/other': '<Say>Also alone.</Say><Pause length="100"/>',
    });
    const { script, call: made } = call([{ untilHears: 900 }]);
    await script.ended;
    await bench.sdk.calls(legs()[0]!.sid).update({ url: `${bench.server.url}/other` });
    await expect.poll(() => [words(legs()[0]!), words(made)]).toEqual([['Also alone.'], ['Alone.']]);
    expect(await after()).toMatchObject({ DialCallStatus: 'completed' });
  });
});

describe('a queue', () => {
  it('plays its wait URL until an agent takes the caller, and tells both why it is over', async () => {
    bench.server.serve({
      '/voice': '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>',
      '/wait': '<Say>You are waiting.</Say>',
      '/left': '<Say>Thanks.</Say>',
      '/agent': '<Dial action="/after"><Queue url="/welcome">support</Queue></Dial>',
      '/welcome': '<Say>An agent is here.</Say>',
    });
    const { call: made, script } = call([{ untilSaid: 'waiting' }, { untilSaid: 'agent is here' }, { untilHears: 900 }, { hangUp: true }]);
    const queues = async () => (await bench.sdk.queues.list()).map(({ friendlyName, currentSize }) => [friendlyName, currentSize]);
    await expect.poll(queues).toEqual([['support', 1]]);
    const [queue] = await bench.sdk.queues.list();
    expect((await bench.sdk.queues(queue!.sid).members.list()).map(({ callSid, position }) => [callSid, position])).toEqual([[made.sid, 1]]);
    await bench.sdk.calls.create({ from: NUMBER, to: OTHER, url: `${bench.server.url}/agent` });
    expect(await script.ended).toEqual({ done: 4 });
    expect(await after()).toMatchObject({ DialCallStatus: 'completed', DialCallSid: made.sid });
    await expect.poll(() => bench.server.at('/left').length).toBe(1);
    expect(bench.server.at('/left')[0]!.parameters).toMatchObject({ QueueResult: 'bridged', QueueSid: queue!.sid });
    expect(bench.server.at('/wait')[0]!.parameters).toMatchObject({ QueuePosition: '1', CurrentQueueSize: '1', MaxQueueSize: '100' });
    expect(bench.server.at('/welcome')[0]!.parameters).toMatchObject({ CallSid: made.sid, QueueSid: queue!.sid });
  });

  it.each<readonly [string, string, Parameters<VoiceBench['server']['serve']>[0], (made: string) => Promise<unknown>]>([
    ['leave', 'leave', { '/wait': '<Say>Too many wait.</Say><Leave/>' }, () => Promise.resolve()],
    ['redirected', 'redirected', { '/wait': '<Pause length="100"/>', '/elsewhere': '<Say>Elsewhere.</Say>' }, async () => {
      await expect.poll(async () => (await bench.sdk.queues.list())[0]?.currentSize).toBe(1);
      const [queue] = await bench.sdk.queues.list();
      await bench.sdk.queues(queue!.sid).members('Front').update({ url: `${bench.server.url}/elsewhere` });
    }],
    ['hangup', 'hangup', { '/wait': '<Pause length="100"/>' }, async (sid) => {
      await expect.poll(() => bench.server.at('/wait').length).toBe(1);
      bench.simulator.voice.hangUp(sid);
    }],
  ])('is left: %s', async (_, result, pages, act) => {
    bench.server.serve({ '/voice': '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>', '/left': '<Say>Left.</Say>', ...pages });
    const { call: made } = call();
    await act(made.sid);
    const seen = await over(bench, made.sid);
    await expect.poll(() => bench.server.at('/left')[0]?.parameters['QueueResult']).toBe(result);
    expect(words(seen).at(-1)).toBe({ leave: 'Left.', redirected: 'Elsewhere.', hangup: undefined }[result]);
  });

  it('that is full says so, and one that nobody is in ends the agent’s wait', async () => {
    bench.server.serve({
      '/voice': '<Enqueue action="/left" maxQueueSize="1" waitUrl="/wait">support</Enqueue>',
      '/wait': '<Pause length="100"/>',
      '/agent': '<Dial action="/after" timeout="1"><Queue>other</Queue></Dial>',
    });
    call();
    await expect.poll(() => bench.server.at('/wait').length).toBe(1);
    call();
    await expect.poll(() => bench.server.at('/left')[0]?.parameters['QueueResult']).toBe('queue-full');
    await bench.sdk.calls.create({ from: NUMBER, to: OTHER, url: `${bench.server.url}/agent` });
    expect(await after()).toMatchObject({ DialCallStatus: 'no-answer', DialBridged: 'false' });
  });
});
