import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, newCallSid, type Asked } from '../../../test/support/twilio-asks.js';
import type { TwimlElement } from '../../../test/support/read-twiml.js';
import { callIdOf } from '../call-id.js';
import { communityOf, environmentOf, MENU, routeOf, startVoice, type VoiceUnderTest } from '../../../test/support/voice-under-test.js';

const NUMBER = '+56229145248';
const CALLER = '+56912345678';

let voice: VoiceUnderTest;
beforeAll(async () => {
  voice = await startVoice();
});
afterAll(() => voice?.stop());

/** One call, asked for step by step as Twilio would. */
class Call {
  readonly sid = newCallSid();
  private last: Asked | undefined;

  constructor(
    readonly from = CALLER,
    readonly to = NUMBER,
  ) {}

  async begin(): Promise<readonly TwimlElement[]> {
    return this.ask('/twilio/voice/number', {});
  }

  /** Fetches the action of the document's last verb of that name: the caller has heard all that came before. */
  async act(verb: string, parameters: Record<string, string>): Promise<readonly TwimlElement[]> {
    const action = this.last?.verbs.findLast(({ name }) => name === verb)?.attributes['action'];
    if (action === undefined) throw new Error(`no <${verb} action> in ${this.last?.body}`);
    return this.ask(action, { CallStatus: 'in-progress', ...parameters });
  }

  press(digit: string): Promise<readonly TwimlElement[]> {
    return this.act('Gather', { Digits: digit });
  }

  dialled(status: string, more: Record<string, string> = {}): Promise<readonly TwimlElement[]> {
    return this.act('Dial', { DialCallStatus: status, DialCallSid: newCallSid(), DialBridged: String(status === 'completed'), ...more });
  }

  private async ask(address: string, more: Record<string, string>): Promise<readonly TwimlElement[]> {
    this.last = await voice.twilio.post(address, callOf(this.from, this.to, this.sid, more));
    const { status, contentType, verbs } = this.last;
    if (status !== 200 || contentType !== 'text/xml; charset=utf-8') throw new Error(`answered ${status} ${contentType}`);
    return verbs;
  }
}

const names = (verbs: readonly TwimlElement[]): string[] => verbs.map(({ name }) => name);
const said = (verbs: readonly TwimlElement[]): string[] => verbs.flatMap((verb) => (verb.name === 'Say' ? [verb.text] : said(verb.children)));
const rung = (verbs: readonly TwimlElement[]): string[] => verbs.flatMap((verb) => verb.children.filter(({ name }) => name === 'Sip' || name === 'Number').map(({ text }) => text));
const only = (verbs: readonly TwimlElement[], name: string): TwimlElement => {
  const [verb, ...more] = verbs.filter((one) => one.name === name);
  if (!verb || more.length > 0) throw new Error(`not one <${name}>: ${names(verbs).join(' ')}`);
  return verb;
};

describe('a call to a number', () => {
  beforeAll(() => voice.declare({ tenants: [communityOf()] }));

  it('hears the menu in a voice of its language, and a digit cuts it short', async () => {
    const verbs = await new Call().begin();
    const gather = only(verbs, 'Gather');
    expect(gather.attributes).toMatchObject({ input: 'dtmf', numDigits: '1', timeout: '5', actionOnEmptyResult: 'true', method: 'POST', finishOnKey: '' });
    expect(gather.children).toEqual([{ name: 'Say', attributes: { voice: 'Polly.Mia-Neural', language: 'es-MX' }, children: [], text: 'Bienvenido. Para administración marque 1, para seguridad marque 2.' }]);
    expect(names(verbs)).toEqual(['Gather']);
  });

  it.each([
    ['1', '+56229145248-office', '20'],
    ['2', '+56229145248-security', '25'],
  ])('rings the phone behind %s, showing it the caller’s own number, and answers the caller when it answers', async (digit, user, timeout) => {
    const call = new Call();
    await call.begin();
    const dial = only(await call.press(digit), 'Dial');
    expect(dial.attributes).toMatchObject({ answerOnBridge: 'true', callerId: CALLER, timeout, method: 'POST' });
    expect(rung([dial])).toEqual([`sip:${user}@communities.sip.twilio.com`]);
    expect(dial.children[0]?.attributes['statusCallbackEvent']).toBe('initiated ringing answered completed');
  });

  it('ends when whoever answered has left', async () => {
    const call = new Call();
    await call.begin();
    await call.press('1');
    expect(names(await call.dialled('completed', { DialCallDuration: '42' }))).toEqual(['Hangup']);
  });

  it.each(['no-answer', 'busy', 'failed'])('goes to the next one, and then to the end, on %s', async (status) => {
    const call = new Call();
    await call.begin();
    await call.press('1');
    expect(rung(await call.dialled(status))).toEqual(['sip:+56229145248-concierge@communities.sip.twilio.com']);
    const end = await call.dialled(status);
    expect(said(end)).toEqual(['Gracias por llamar.']);
    expect(names(end)).toEqual(['Say', 'Hangup']);
  });

  it('hears the menu again after a wrong digit, and the end after another', async () => {
    const call = new Call();
    await call.begin();
    const again = await call.press('9');
    expect(said(again)).toEqual(['Opción no válida.', 'Bienvenido. Para administración marque 1, para seguridad marque 2.']);
    expect(said(await call.press('#'))).toEqual(['Gracias por llamar.']);
  });

  it('hears the menu again without any digit, and then the end', async () => {
    const call = new Call();
    await call.begin();
    expect(said(await call.press(''))).toEqual(['Bienvenido. Para administración marque 1, para seguridad marque 2.']);
    expect(names(await call.press(''))).toEqual(['Say', 'Hangup']);
  });

  it('is known by facts: begun, answered, digits, and why it ended', async () => {
    const call = new Call();
    await call.begin();
    await call.press('1');
    await call.dialled('no-answer', { DialSipResponseCode: '480' });
    await call.dialled('completed', { DialCallDuration: '7' });
    expect(voice.facts.kind(call.sid, 'started')).toMatchObject([{ environment: 'prod', tenant: 'oficina_principal', from: CALLER, to: NUMBER, direction: 'inbound', route: { code: 'main', revision: 1 } }]);
    expect(voice.facts.kind(call.sid, 'answered')).toMatchObject([{ by: 'route', answeredBy: 'main' }]);
    expect(voice.facts.kind(call.sid, 'digit')).toMatchObject([{ digit: '1', masked: false }]);
    expect(voice.facts.kind(call.sid, 'leg-status')).toMatchObject([{ status: 'no-answer', sipCode: 480, callStatus: 'in-progress' }, { status: 'completed', durationS: 7 }]);
    expect(voice.facts.kind(call.sid, 'hangup')).toMatchObject([{ by: 'route', cause: 16 }]);
  });

  it('gets the same answer when Twilio asks again, and makes no fact twice', async () => {
    const call = new Call();
    const first = names(await call.begin());
    const body = await voice.twilio.post('/twilio/voice/number', callOf(CALLER, NUMBER, call.sid));
    const again = await voice.twilio.post('/twilio/voice/number', callOf(CALLER, NUMBER, call.sid));
    expect(again.body).toBe(body.body);
    expect(names(again.verbs)).toEqual(first);
    const action = body.verbs[0]?.attributes['action'] ?? '';
    const step = callOf(CALLER, NUMBER, call.sid, { CallStatus: 'in-progress', Digits: '2' });
    const [one, other] = [await voice.twilio.post(action, step), await voice.twilio.post(action, step)];
    expect(one.body).toBe(other.body);
    expect(new Set(voice.facts.of(call.sid).map(({ key }) => key)).size).toBe(3);
  });

  it.each(['', 'anonymous', 'Restricted', '+266696687', 'sip:mallory@evil.example', '"><Dial>+1900</Dial>', 'a b'])('is served whatever the caller is said to be: %j', async (from) => {
    const call = new Call(from);
    await call.begin();
    const dial = only(await call.press('1'), 'Dial');
    expect(dial.attributes['callerId']).toMatch(/^[A-Za-z0-9+\-_.]+$/);
    expect(rung([dial])).toHaveLength(1);
  });

  it('that has gone meanwhile is let go', async () => {
    const call = new Call();
    await call.begin();
    await call.press('1');
    expect(names(await call.dialled('canceled', { CallStatus: 'completed' }))).toEqual(['Hangup']);
  });
});

describe('who is refused before being answered', () => {
  beforeAll(() =>
    voice.declare({
      tenants: [communityOf(), communityOf({ tenant: 'asleep', suspended: true, numbers: [{ e164: '+56229145249', route: 'main' }] }), communityOf({ tenant: 'torn', numbers: [{ e164: '+56229145250', route: 'gone' }] })],
    }),
  );

  it.each([
    ['+56229999999', '_', 'unknown_number', 1],
    ['', '_', 'unknown_number', 1],
    ['+56229145249', 'asleep', 'tenant_suspended', 21],
    ['+56229145250', 'torn', 'unknown_number', 1],
  ])('a call to %j', async (to, tenant, reason, cause) => {
    const call = new Call(CALLER, to);
    const verbs = await call.begin();
    expect(verbs).toEqual([{ name: 'Reject', attributes: { reason: 'rejected' }, children: [], text: '' }]);
    expect(voice.facts.of(call.sid)).toMatchObject([{ kind: 'refused', environment: 'prod', tenant, reason, cause, direction: 'inbound', from: CALLER, to }]);
  });
});

describe('a ring of several phones', () => {
  const group = routeOf({ name: 'Group', start: 'all', nodes: { all: { kind: 'ring', extensions: ['101', '102', '999'], strategy: 'all', onNoAnswer: 'bye' }, bye: { kind: 'hangup', cause: 'busy' } } });
  const tenant = communityOf({ routes: [{ code: 'main', revision: 3, route: group }] });

  it('rings them at once where the account can, without answering the caller', async () => {
    await voice.declare({ tenants: [tenant], environments: [environmentOf({ enhancedSip: true })] });
    const call = new Call();
    expect(rung(await call.begin())).toEqual(['sip:+56229145248-office@communities.sip.twilio.com', 'sip:+56229145248-security@communities.sip.twilio.com']);
    expect(voice.facts.kind(call.sid, 'answered')).toEqual([]);
    expect(await call.dialled('no-answer')).toEqual([{ name: 'Reject', attributes: { reason: 'busy' }, children: [], text: '' }]);
  });

  it('rings them one after the other where it can’t', async () => {
    await voice.declare({ tenants: [tenant], environments: [environmentOf({ enhancedSip: false })] });
    const call = new Call();
    expect(rung(await call.begin())).toEqual(['sip:+56229145248-office@communities.sip.twilio.com']);
    expect(rung(await call.dialled('busy'))).toEqual(['sip:+56229145248-security@communities.sip.twilio.com']);
    expect(names(await call.dialled('busy'))).toEqual(['Reject']);
  });

  it('passes over a phone that was switched off', async () => {
    await voice.declare({ tenants: [{ ...tenant, endpoints: tenant.endpoints.map((one) => ({ ...one, enabled: one.extension === '102' })) }] });
    expect(rung(await new Call().begin())).toEqual(['sip:+56229145248-security@communities.sip.twilio.com']);
  });

  it('is over at once when none is there', async () => {
    await voice.declare({ tenants: [{ ...tenant, endpoints: [] }] });
    expect(names(await new Call().begin())).toEqual(['Reject']);
  });
});

describe('a call whose route was changed meanwhile', () => {
  const later = routeOf({ name: 'Later', start: 'bye', nodes: { bye: { kind: 'hangup', prompt: { say: { es: 'Cerrado.' } } } } });

  it('goes on by the one that it began with, and new calls take the new one', async () => {
    await voice.declare({ tenants: [communityOf({ routes: [{ code: 'main', revision: 1, route: MENU }] })] });
    const call = new Call();
    await call.begin();
    await voice.declare({ tenants: [communityOf({ routes: [{ code: 'main', revision: 2, route: later }] })] });
    expect(rung(await call.press('1'))).toEqual(['sip:+56229145248-office@communities.sip.twilio.com']);
    expect(said(await new Call().begin())).toEqual(['Cerrado.']);
  });
});

describe('what a route says before and beside the menu', () => {
  it('is said as far as one document goes, the notice of recording first, and what people say is recorded', async () => {
    const route = routeOf({
      name: 'Recorded', language: 'es', recording: { enabled: true, announcement: { say: { es: 'Esta llamada será grabada.' } } }, start: 'hello',
      nodes: { hello: { kind: 'announce', prompt: { say: { es: 'Hola.' } }, next: 'menu' }, ...MENU.nodes },
    });
    await voice.declare({ tenants: [communityOf({ routes: [{ code: 'main', revision: 5, route }] })] });
    const call = new Call();
    const verbs = await call.begin();
    expect(names(verbs)).toEqual(['Say', 'Gather', 'Gather']);
    expect(said(verbs)).toEqual(['Esta llamada será grabada.', 'Hola.', 'Bienvenido. Para administración marque 1, para seguridad marque 2.']);
    // The announcement takes a digit, and passes on to the menu without one.
    expect(verbs[1]?.attributes).toMatchObject({ timeout: '1', actionOnEmptyResult: 'false' });
    const dial = only(await call.press('1'), 'Dial');
    expect(dial.attributes).toMatchObject({ record: 'record-from-answer-dual', recordingStatusCallbackEvent: 'in-progress completed absent' });
    expect(dial.attributes['recordingStatusCallback']).toContain('https://voice.example.com/twilio/recording?');
  });

  it('goes on in a further document where one could not hold it', async () => {
    const text = 'Ñandú. '.repeat(280);
    const nodes = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`n${index}`, { kind: 'announce' as const, prompt: { say: { es: text } }, next: index === 29 ? 'bye' : `n${index + 1}` }]));
    const route = routeOf({ name: 'Long', language: 'es', start: 'n0', nodes: { ...nodes, bye: { kind: 'hangup' } } });
    await voice.declare({ tenants: [communityOf({ routes: [{ code: 'main', revision: 6, route }] })] });
    let { body, verbs } = await voice.twilio.post('/twilio/voice/number', callOf(CALLER, NUMBER, newCallSid()));
    const sid = newCallSid();
    let heard = 0;
    for (let documents = 0; documents < 10; documents += 1) {
      expect(Buffer.byteLength(body)).toBeLessThan(64 * 1024);
      heard += said(verbs).length;
      const redirect = verbs.find(({ name }) => name === 'Redirect');
      if (!redirect) break;
      ({ body, verbs } = await voice.twilio.post(redirect.text, callOf(CALLER, NUMBER, sid, { CallStatus: 'in-progress' })));
    }
    expect(heard).toBe(30);
    expect(names(verbs).at(-1)).toBe('Hangup');
  });
});

describe('a way to our own Asterisk', () => {
  const edge = { host: 'edge.example.com', transport: 'tls', username: 'rail.prod', password: 'a secret' } as const;
  const own = { extension: '104', role: 'gate', displayName: 'Gate', rail: 'asterisk', username: 'oficina_principal_104', callerId: NUMBER, enabled: true, queues: ['people'] } as const;
  const route = (start: 'gate' | 'people' | 'robot') => routeOf({
    name: 'Edge', language: 'en', start,
    nodes: {
      ...(start === 'gate' ? { gate: { kind: 'ring', extensions: ['104'], onNoAnswer: 'bye' } as const } : {}),
      ...(start === 'people' ? { people: { kind: 'queue', queue: 'people', prompt: { say: { en: 'One moment.' } }, onTimeout: 'bye', rail: 'asterisk' } as const } : {}),
      ...(start === 'robot' ? { robot: { kind: 'agent', agent: 'reception', onHandoff: 'bye', onFailed: 'bye', rail: 'asterisk' } as const } : {}),
      bye: { kind: 'hangup', prompt: { say: { en: 'Bye.' } } },
    },
  });
  const declare = (start: Parameters<typeof route>[0], more: object = { edge }) =>
    voice.declare({ tenants: [communityOf({ endpoints: [...communityOf().endpoints, own], routes: [{ code: 'main', revision: 1, route: route(start) }] })], environments: [environmentOf(more)] });
  const target = (verbs: readonly TwimlElement[]) => {
    const sip = only(verbs, 'Dial').children[0];
    const [uri, query] = (sip?.text ?? '').split('?');
    return { uri, headers: Object.fromEntries(new URLSearchParams(query)), username: sip?.attributes['username'], password: sip?.attributes['password'] };
  };
  afterAll(() => voice.declare({ tenants: [communityOf()] }));

  it('rings a phone that registers there, and shows there for whom it calls', async () => {
    await declare('gate');
    const call = new Call();
    const verbs = await call.begin();
    expect(target(verbs)).toEqual({ uri: 'sip:oficina_principal_104@edge.example.com;transport=tls', headers: { 'X-Troncal-Rail': 'prod', 'X-Troncal-Call': callIdOf(call.sid) }, username: 'rail.prod', password: 'a secret' });
    expect(only(verbs, 'Dial').attributes['callerId']).toBe(CALLER);
    expect(said(await call.dialled('no-answer'))).toEqual(['Bye.']);
  });

  it.each(['people', 'robot'] as const)('is taken by the call as a whole at %s, with all that is needed to go on there', async (node) => {
    await declare(node);
    const call = new Call();
    const { uri, headers, username } = target(await call.begin());
    expect({ uri, username }).toEqual({ uri: 'sip:handover@edge.example.com;transport=tls', username: 'rail.prod' });
    expect(headers).toEqual({
      'X-Troncal-Rail': 'prod', 'X-Troncal-Call': callIdOf(call.sid), 'X-Troncal-Called': NUMBER, 'X-Troncal-Tenant': 'oficina_principal', 'X-Troncal-Route': 'main', 'X-Troncal-Node': node, 'X-Troncal-Language': 'en',
    });
    expect(voice.facts.kind(call.sid, 'queued')).toEqual([]);
    expect(names(await call.dialled('completed'))).toEqual(['Hangup']);
  });

  it('is given up when our Asterisk does not take the call: the step is done here', async () => {
    await declare('people');
    const call = new Call();
    await call.begin();
    const verbs = await call.dialled('failed', { DialSipResponseCode: '503' });
    expect(said(verbs)).toEqual([]);
    expect(target(verbs).uri).toBe('sip:oficina_principal_104@edge.example.com;transport=tls');
    expect(voice.facts.kind(call.sid, 'queued')).toMatchObject([{ queue: 'people' }]);
  });

  it('that there is not leaves everything here', async () => {
    await declare('people', {});
    const call = new Call();
    expect(said(await call.begin())).toEqual(['One moment.']);
    expect(voice.facts.kind(call.sid, 'queued')).toMatchObject([{ queue: 'people' }]);
  });
});

it('a caller who has hung up was not sent away by the route', async () => {
  await voice.declare({ tenants: [communityOf()] });
  const ends = async (more: Record<string, string>): Promise<unknown[]> => {
    const call = new Call();
    await call.begin();
    await call.press('1');
    await call.dialled('completed', more);
    return voice.facts.kind(call.sid, 'hangup');
  };
  expect(await ends({ CallStatus: 'completed' })).toEqual([]);
  expect(await ends({ CallStatus: 'in-progress' })).toMatchObject([{ by: 'route' }]);
});
