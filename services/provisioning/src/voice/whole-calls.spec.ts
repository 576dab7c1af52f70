import { startTwilioSimulator, type PstnCallWish, type TwilioSimulator } from '@troncal/simulator-twilio';
import { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import twilio, { type Twilio } from 'twilio';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { communityOf, DOMAIN, environmentOf, PUBLIC_URL, routeOf, startVoice, type VoiceUnderTest } from '../../test/support/voice-under-test.js';
import { TwilioHttp } from '../twilio/http/twilio-http.js';
import { voiceUrlsOf } from './voice-urls.js';

const NUMBER = '+56229145248';
const CALLER = '+56911112222';
const PASSWORD = 'Aa1Aa1Aa1Aa1Aa1';
const BUNDLE = `BU${'1'.repeat(32)}`;
const OFFICE = `${NUMBER}-office`;
const SECURITY = `${NUMBER}-security`;
const CONCIERGE = `${NUMBER}-concierge`;

let voice: VoiceUnderTest;
let simulator: TwilioSimulator;
const phones: SipPhone[] = [];

beforeAll(async () => {
  voice = await startVoice();
});
afterAll(() => voice?.stop());
beforeEach(async () => {
  // A second of TwiML is short, so that nobody waits long for nobody to answer.
  simulator = await startTwilioSimulator({ settings: { approvedBundles: [BUNDLE], voice: { secondMs: 60, msPerLetter: 2, publicUrls: [{ from: PUBLIC_URL, to: voice.running().url }] } } });
  await voice.declare({ tenants: [communityOf()], environments: [environmentOf({ tokens: [simulator.authToken] })] });
  await setUp(sdk());
});
afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.close()));
  await simulator?.close();
});

const sdk = (): Twilio => twilio(simulator.accountSid, simulator.authToken, { accountSid: simulator.accountSid, httpClient: new TwilioHttp({ base: simulator.url }) });

/** The account as the reconciler would have made it. */
async function setUp(account: Twilio): Promise<void> {
  const urls = voiceUrlsOf(PUBLIC_URL);
  const { sid: list } = await account.api.v2010.account.sip.credentialLists.create({ friendlyName: 'OFICINA_PRINCIPAL_Credentials' });
  for (const username of [OFFICE, SECURITY, CONCIERGE]) await account.api.v2010.account.sip.credentialLists(list).credentials.create({ username, password: PASSWORD });
  const { sid: domain } = await account.api.v2010.account.sip.domains.create({ domainName: DOMAIN, sipRegistration: true, voiceUrl: urls.phone, voiceStatusCallbackUrl: urls.status });
  const { calls, registrations } = account.api.v2010.account.sip.domains(domain).auth;
  for (const kind of [calls, registrations]) await kind.credentialListMappings.create({ credentialListSid: list });
  await account.incomingPhoneNumbers.create({ phoneNumber: NUMBER, bundleSid: BUNDLE, voiceUrl: urls.number, statusCallback: urls.status });
}

async function phone(user: string): Promise<SipPhone> {
  const [host = '', port] = simulator.sip.address.split(':');
  const made = await SipPhone.open({ bindAddress: '127.0.0.1', user, password: PASSWORD, domain: DOMAIN, registrar: { host, port: Number(port) }, timers: { t1: 100, t2: 400 } });
  phones.push(made);
  await made.register({ expiresS: 600 });
  return made;
}

const called = (script: PstnCallWish['script']) => simulator.voice.call({ from: CALLER, to: NUMBER, script: script ?? [] });
const callOf = (sid: string) => simulator.voice.calls().find((call) => call.sid === sid);
const over = (sid: string) => eventually(`the end of ${sid}`, () => /completed|busy|failed|no-answer|canceled/.test(callOf(sid)?.status ?? ''));
const said = (sid: string): string[] => callOf(sid)?.said.map(({ text }) => text) ?? [];
/** What Twilio's debugger would show, but for phones that aren't registered. */
const faults = () => simulator.voice.alerts().filter(({ code }) => code !== 32_009);

describe('a call from the telephone network', () => {
  it.each([
    ['1', OFFICE],
    ['2', SECURITY],
  ])('hears the menu, presses %s, and the phone behind it rings, shows the caller, and both talk', async (digit, user) => {
    const callee = await phone(user);
    const { call, script } = called([{ untilSaid: 'Bienvenido' }, { press: digit }, { untilAnswered: true }, { speak: { hz: 700, ms: 600 } }, { hangUp: true }]);
    const incoming = await callee.nextCall();
    expect(incoming.remoteUser).toBe(CALLER);
    await incoming.answer();
    await incoming.heard.waitForTone(700, { sinceMs: 0 });
    expect(await script.ended).toEqual({ done: 5 });
    await over(call.sid);
    await eventually('the end of the call is known', () => voice.facts.kind(call.sid, 'status').some(({ status }) => status === 'completed'));
    expect(voice.facts.kind(call.sid, 'started')).toMatchObject([{ from: CALLER, to: NUMBER, direction: 'inbound' }]);
    expect(voice.facts.kind(call.sid, 'digit')).toMatchObject([{ digit }]);
    expect(voice.facts.kind(call.sid, 'person-connected')).toMatchObject([{ extension: digit === '1' ? '101' : '102' }]);
    expect(faults()).toEqual([]);
  });

  it('is told goodbye when it presses nothing', async () => {
    const { call } = called([]);
    await over(call.sid);
    expect(said(call.sid)).toEqual(['Bienvenido. Para administración marque 1, para seguridad marque 2.', 'Bienvenido. Para administración marque 1, para seguridad marque 2.', 'Gracias por llamar.']);
    expect(faults()).toEqual([]);
  });

  it('goes from the office, where nobody answers, to the concierge, who does', async () => {
    const [office, concierge] = [await phone(OFFICE), await phone(CONCIERGE)];
    const { call } = called([{ untilSaid: 'Bienvenido' }, { press: '1' }]);
    await office.nextCall();
    const incoming = await concierge.nextCall({ timeoutMs: 15_000 });
    await incoming.answer();
    await eventually('both talk', () => voice.facts.kind(call.sid, 'person-connected').length > 0);
    await incoming.hangup();
    await over(call.sid);
    expect(voice.facts.kind(call.sid, 'person-connected')).toMatchObject([{ extension: '103' }]);
    expect(faults()).toEqual([]);
  });

  it('goes on to the end when no phone is even registered', async () => {
    const { call } = called([{ untilSaid: 'Bienvenido' }, { press: '2' }]);
    await over(call.sid);
    expect(said(call.sid).at(-1)).toBe('Gracias por llamar.');
    expect(simulator.voice.alerts().map(({ code }) => code)).toContain(32_009);
  });

  it('is refused unanswered where the tenant is suspended', async () => {
    await voice.declare({ tenants: [communityOf({ suspended: true })], environments: [environmentOf({ tokens: [simulator.authToken] })] });
    const { call } = called([]);
    await over(call.sid);
    expect(callOf(call.sid)).toMatchObject({ status: 'failed', said: [] });
    await eventually('the end of the call is known', () => voice.facts.kind(call.sid, 'status').length > 0);
    expect(voice.facts.of(call.sid)).toMatchObject([{ kind: 'refused', reason: 'tenant_suspended' }, { kind: 'status', status: 'failed' }]);
  });

  it('leaves a message outside hours, in the language that it chose', async () => {
    const route = routeOf({
      name: 'Closed', start: 'which', nodes: {
        which: { kind: 'menu', prompt: { say: { es: 'For English press 9.' } }, digits: { '9': 'english' }, attempts: 1, onTimeout: 'box' },
        english: { kind: 'language', language: 'en', next: 'hours' },
        hours: { kind: 'schedule', hours: {}, onOpen: 'bye', onClosed: 'box' },
        box: { kind: 'voicemail', prompt: { say: { es: 'Deje su mensaje.', en: 'Leave a message.' } }, maxSeconds: 60, silenceSeconds: 5, next: 'bye' },
        bye: { kind: 'hangup', prompt: { say: { es: 'Adiós.', en: 'Goodbye.' } } },
      },
    });
    await voice.declare({ tenants: [communityOf({ routes: [{ code: 'main', revision: 9, route }] })], environments: [environmentOf({ tokens: [simulator.authToken] })] });
    const { call } = called([{ untilSaid: 'English' }, { press: '9' }, { untilSaid: 'Leave a message' }, { wait: 700 }, { speak: { hz: 700, ms: 500 } }, { press: '#' }]);
    await over(call.sid);
    expect(said(call.sid)).toEqual(['For English press 9.', 'Leave a message.', 'Goodbye.']);
    await eventually('the message is ready', () => voice.facts.kind(call.sid, 'recording-ready').length > 0);
    expect(faults()).toEqual([]);
  });

  it('waits for people in a queue, one after the other and again, until somebody is free', async () => {
    const route = routeOf({ name: 'Queue', start: 'people', nodes: { people: { kind: 'queue', queue: 'people', timeoutMs: 600_000, onTimeout: 'bye' }, bye: { kind: 'hangup' } } });
    const tenant = communityOf({ routes: [{ code: 'main', revision: 8, route }] });
    await voice.declare({ tenants: [{ ...tenant, endpoints: tenant.endpoints.map((one) => ({ ...one, queues: one.role === 'concierge' ? [] : ['people'] })) }], environments: [environmentOf({ tokens: [simulator.authToken] })] });
    const security = await phone(SECURITY);
    const { call } = called([]);
    (await security.nextCall()).reject(486);
    const again = await security.nextCall({ timeoutMs: 15_000 });
    await again.answer();
    await eventually('both talk', () => voice.facts.kind(call.sid, 'queue-left').length > 0);
    await again.hangup();
    await over(call.sid);
    expect(voice.facts.kind(call.sid, 'queued')).toMatchObject([{ queue: 'people', reason: 'route' }]);
    expect(voice.facts.kind(call.sid, 'queue-left')).toMatchObject([{ queue: 'people', outcome: 'connected' }]);
    expect(faults()).toEqual([]);
  });

  it('is the same by its facts when callbacks come late, twice and in any order', async () => {
    simulator.voice.set({ callbacks: { shuffleMs: 400, repeat: 2 } });
    const office = await phone(OFFICE);
    const { call, script } = called([{ untilSaid: 'Bienvenido' }, { press: '1' }, { untilAnswered: true }, { wait: 300 }, { hangUp: true }]);
    await (await office.nextCall()).answer();
    await script.ended;
    await over(call.sid);
    await eventually('all has been told', () => voice.facts.kind(call.sid, 'status').length === 1 && voice.facts.kind(call.sid, 'leg-status').length >= 5);
    expect(voice.facts.kind(call.sid, 'person-connected')).toHaveLength(1);
    expect(voice.facts.kind(call.sid, 'ringing')).toHaveLength(1);
  });

  it('is put through to another phone by the one that answered, and comes back when nobody is there', async () => {
    const [office, security] = [await phone(OFFICE), await phone(SECURITY)];
    voice.desk.answer = ({ dialled, from }) => ({ allowed: true, decisionId: 'd', target: { kind: 'endpoint', to: dialled, callerId: from ?? '' } });
    const { call } = called([{ untilSaid: 'Bienvenido' }, { press: '1' }]);
    const first = await office.nextCall();
    await first.answer();
    await eventually('both talk', () => voice.facts.kind(call.sid, 'person-connected').length > 0);
    void first.refer(`sip:102@${DOMAIN}`).catch(() => {});
    const second = await security.nextCall({ timeoutMs: 15_000 });
    expect(second.remoteUser).toBe('101');
    second.reject(486);
    const back = await office.nextCall({ timeoutMs: 15_000 });
    await back.answer();
    await back.hangup();
    await over(call.sid);
    expect(voice.facts.kind(call.sid, 'transferred')).toMatchObject([{ to: 'endpoint', target: '102' }]);
    expect(faults()).toEqual([]);
  });
});

describe('a phone', () => {
  it('calls another one by its extension', async () => {
    voice.desk.answer = ({ dialled, from }) => ({ allowed: true, decisionId: 'd', target: { kind: 'endpoint', to: dialled, callerId: from ?? '' } });
    const [office, security] = [await phone(OFFICE), await phone(SECURITY)];
    const outgoing = await office.call(`sip:102@${DOMAIN}`);
    const incoming = await security.nextCall();
    expect(incoming.remoteUser).toBe('101');
    await incoming.answer();
    await outgoing.answered();
    await outgoing.hangup();
    expect(faults()).toEqual([]);
  });

  it('calls a number, and what it cost is settled', async () => {
    voice.desk.settled.length = 0;
    voice.desk.answer = () => ({ allowed: true, decisionId: 'd', target: { kind: 'number', to: '+56987654321', callerId: NUMBER, timeLimitS: 3_600, reservationId: 'r-whole' } });
    const office = await phone(OFFICE);
    const outgoing = await office.call(`sip:987654321@${DOMAIN}`);
    await outgoing.answered();
    await outgoing.hangup();
    await eventually('it is settled', () => voice.desk.settled.some(({ reservationId }) => reservationId === 'r-whole'));
    expect(faults()).toEqual([]);
  });

  it('hears why it may not call where it may not', async () => {
    voice.desk.answer = () => ({ allowed: false, decisionId: 'd', reason: 'premium_denied', detail: 'premium', remedy: 'none', spoken: { say: { es: 'Los números de tarificación especial no están permitidos.' } }, cause: 21 });
    const office = await phone(OFFICE);
    const outgoing = await office.call(`sip:600123456@${DOMAIN}`);
    await outgoing.ended();
    const leg = simulator.voice.calls().at(-1);
    expect(leg?.said.map(({ text }) => text)).toEqual(['Los números de tarificación especial no están permitidos.']);
    expect(voice.facts.of(leg?.sid ?? '')[0]).toMatchObject({ kind: 'refused', denial: 'premium_denied' });
    expect(faults()).toEqual([]);
  });

  it('hears the tenant’s menu behind #', async () => {
    voice.desk.answer = () => ({ allowed: true, decisionId: 'd', target: { kind: 'menu', to: '#', route: 'main', callerId: '101' } });
    const office = await phone(OFFICE);
    const outgoing = await office.call(`sip:%23@${DOMAIN}`);
    await outgoing.answered();
    await eventually('the menu is heard', () => said(simulator.voice.calls().at(-1)?.sid ?? '').some((text) => text.startsWith('Bienvenido')));
    await outgoing.hangup();
    expect(faults()).toEqual([]);
  });
});
