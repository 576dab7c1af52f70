import { startTwilioSimulator, type TwilioSimulator } from '@troncal/simulator-twilio';
import { ANSWER_TONE_HZ, QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TwilioHttp } from '../../src/twilio/http/twilio-http.js';
import { voiceUrlsOf } from '../../src/voice/voice-urls.js';
import { startRailWithAgent, type RailWithAgent } from '../support/rail-with-agent.js';
import { communityOf, DOMAIN, environmentOf, PUBLIC_URL, routeOf, startVoice, type VoiceUnderTest } from '../support/voice-under-test.js';

const NUMBER = '+56229145248';
const PASSWORD = 'Aa1Aa1Aa1Aa1Aa1';
const BUNDLE = `BU${'1'.repeat(32)}`;
const OFFICE = `${NUMBER}-office`;
const ROUTE = routeOf({
  name: 'Agent first', language: 'es', start: 'agent', nodes: {
    agent: { kind: 'agent', agent: 'default', digits: { '0': 'office' }, onHandoff: 'office', onFailed: 'bye' },
    office: { kind: 'ring', extensions: ['101'], timeoutMs: 20_000, onNoAnswer: 'bye' },
    bye: { kind: 'hangup', prompt: { say: { es: 'Gracias por llamar.' } } },
  },
});

let voice: VoiceUnderTest;
let rail: RailWithAgent;
let simulator: TwilioSimulator;
const phones: SipPhone[] = [];

beforeAll(async () => {
  voice = await startVoice();
  rail = await startRailWithAgent(voice.service, voice.running().url);
  const publicUrls = [{ from: PUBLIC_URL, to: rail.url }, { from: PUBLIC_URL.replace('https', 'wss'), to: rail.url.replace('http', 'ws') }];
  simulator = await startTwilioSimulator({ settings: { approvedBundles: [BUNDLE], voice: { msPerLetter: 2, publicUrls } } });
  await voice.declare({ tenants: [communityOf({ routes: [{ code: 'main', revision: 7, route: ROUTE }] })], environments: [environmentOf({ tokens: [simulator.authToken] })] });
  const account = twilio(simulator.accountSid, simulator.authToken, { accountSid: simulator.accountSid, httpClient: new TwilioHttp({ base: simulator.url }) }).api.v2010.account;
  const urls = voiceUrlsOf(PUBLIC_URL);
  const { sid: list } = await account.sip.credentialLists.create({ friendlyName: 'OFICINA_PRINCIPAL_Credentials' });
  await account.sip.credentialLists(list).credentials.create({ username: OFFICE, password: PASSWORD });
  const { sid: domain } = await account.sip.domains.create({ domainName: DOMAIN, sipRegistration: true, voiceUrl: urls.phone, voiceStatusCallbackUrl: urls.status });
  const { calls, registrations } = account.sip.domains(domain).auth;
  for (const kind of [calls, registrations]) await kind.credentialListMappings.create({ credentialListSid: list });
  await account.incomingPhoneNumbers.create({ phoneNumber: NUMBER, bundleSid: BUNDLE, voiceUrl: urls.number, statusCallback: urls.status });
}, 120_000);
afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.close()));
  rail.provider.reset();
});
afterAll(async () => {
  await simulator?.close();
  await rail?.stop();
  await voice?.stop();
});

async function phone(): Promise<SipPhone> {
  const [host = '', port] = simulator.sip.address.split(':');
  const made = await SipPhone.open({ bindAddress: '127.0.0.1', user: OFFICE, password: PASSWORD, domain: DOMAIN, registrar: { host, port: Number(port) } });
  phones.push(made);
  await made.register({ expiresS: 600 });
  return made;
}

describe('a caller on Twilio’s rail who meets the agent', () => {
  it.each([
    ['asks for a person', 'handoff', [{ speak: { hz: QUESTION_TONES.person, ms: 700 } }]],
    ['presses 0', 'digit', [{ press: '0' }]],
  ])('hears its greeting, gets an answer, %s, and the office’s phone rings and both talk', async (_, outcome, wish) => {
    rail.provider.setFaults({ speechMs: 600 });
    const office = await phone();
    const { call, script } = simulator.voice.call({
      from: '+56911112222', to: NUMBER,
      script: [
        { untilHears: ANSWER_TONE_HZ, withinMs: 20_000 }, { wait: 7_000 }, { speak: { hz: QUESTION_TONES.question, ms: 700 } }, { untilHears: ANSWER_TONE_HZ, withinMs: 20_000 },
        { wait: 1_500 }, ...wish, { untilHears: 1_500, withinMs: 40_000 }, { hangUp: true },
      ],
    });
    const incoming = await office.nextCall({ timeoutMs: 60_000 });
    await incoming.answer();
    await incoming.playTone(1_500, 800);
    expect(await script.ended).not.toHaveProperty('failure');
    // The agent heard the caller, not only the caller the agent.
    expect(rail.provider.sessions().flatMap(({ events }) => events).some(({ type }) => type === 'input_audio_buffer.speech_started')).toBe(true);
    await eventually('the end of the call is known', () => voice.facts.kind(call.sid, 'status').some(({ status }) => status === 'completed'));
    expect(voice.facts.kind(call.sid, 'agent').map(({ phase, outcome: how }) => [phase, how])).toEqual([['attached', undefined], ['ended', outcome]]);
    expect(voice.facts.kind(call.sid, 'person-connected')).toMatchObject([{ extension: '101' }]);
    expect(simulator.voice.alerts().filter(({ code }) => code !== 32_009)).toEqual([]);
  }, 120_000);
});
