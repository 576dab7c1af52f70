import { TransientError } from '@troncal/kernel';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TwimlElement } from '../../../test/support/read-twiml.js';
import { callOf, newCallSid, type Asked } from '../../../test/support/twilio-asks.js';
import { communityOf, DOMAIN, environmentOf, startVoice, type VoiceUnderTest } from '../../../test/support/voice-under-test.js';
import type { OutboundTarget } from '../../outbound/outbound-desk.js';
import { callIdOf } from '../call-id.js';

const USER = '+56229145248-office';
const MOBILE = '+56987654321';

let voice: VoiceUnderTest;
beforeAll(async () => {
  voice = await startVoice();
  await voice.declare({
    tenants: [
      communityOf(),
      communityOf({ tenant: 'los_aromos', numbers: [{ e164: '+56229145300', route: 'main' }], endpoints: [{ extension: '101', role: 'office', displayName: 'Office', rail: 'twilio', username: '+56229145300-office', callerId: null, enabled: true }] }),
    ],
  });
});
afterAll(() => voice?.stop());
beforeEach(() => {
  voice.desk.asked.length = 0;
  voice.desk.settled.length = 0;
});

const allow = (target: OutboundTarget): void => {
  voice.desk.answer = () => ({ allowed: true, decisionId: 'd1', target });
};
const deny = (reason: string, es = 'Ese destino no está permitido.'): void => {
  voice.desk.answer = () => ({ allowed: false, decisionId: 'd2', reason, detail: 'calls to CU are not allowed', remedy: 'allow the country', spoken: { say: { es, en: 'That destination is not allowed.' } }, cause: 21 });
};

/** A phone's call, as Twilio asks about it. */
class PhoneCall {
  readonly sid = newCallSid();
  last: Asked | undefined;

  constructor(private readonly username: string | null = USER) {}

  async dial(to: string, more: Record<string, string> = {}): Promise<readonly TwimlElement[]> {
    const user = { SipDomain: DOMAIN, ...(this.username === null ? {} : { SipUsername: this.username }) };
    return this.ask('/twilio/voice/phone', callOf(`sip:${USER}@${DOMAIN}`, to, this.sid, { ...user, ...more }));
  }

  async ended(status: string, more: Record<string, string> = {}): Promise<readonly TwimlElement[]> {
    return this.ask(this.attribute('Dial', 'action'), callOf(`sip:${USER}@${DOMAIN}`, 'x', this.sid, { CallStatus: 'in-progress', DialCallStatus: status, DialCallSid: newCallSid(), ...more }));
  }

  /** Either side of the call sends the other elsewhere. */
  async refer(to: string, heardBy = this.sid): Promise<readonly TwimlElement[]> {
    return this.ask(this.attribute('Dial', 'referUrl'), callOf(`sip:${USER}@${DOMAIN}`, 'x', heardBy, { CallStatus: 'in-progress', ReferTransferTarget: to }));
  }

  attribute(verb: string, name: string): string {
    return this.last?.verbs.find((one) => one.name === verb)?.attributes[name] ?? '';
  }

  async ask(address: string, parameters: Record<string, string>): Promise<readonly TwimlElement[]> {
    this.last = await voice.twilio.post(address, parameters);
    if (this.last.status !== 200) throw new Error(`answered ${this.last.status}: ${this.last.body}`);
    return this.last.verbs;
  }
}

const sip = (dialled: string): string => `sip:${dialled}@${DOMAIN}`;
const names = (verbs: readonly TwimlElement[]): string[] => verbs.map(({ name }) => name);
const inner = ([verb]: readonly TwimlElement[]): string[] => verb?.children.map(({ name, text }) => `${name} ${text}`) ?? [];

describe('who calls', () => {
  it('is the user whom Twilio has authenticated, percent-encoded or not', async () => {
    allow({ kind: 'endpoint', to: '102', callerId: '101' });
    for (const username of [USER, encodeURIComponent(USER)]) await new PhoneCall(username).dial(sip('102'));
    expect(voice.desk.asked.map(({ tenant, from, dialled }) => [tenant.tenant, from, dialled])).toEqual([['oficina_principal', '101', '102'], ['oficina_principal', '101', '102']]);
  });

  it('is nobody by what the phone says of itself', async () => {
    const call = new PhoneCall(null);
    expect(names(await call.dial(sip('102')))).toEqual(['Reject']);
    expect(voice.desk.asked).toEqual([]);
    expect(voice.facts.of(call.sid)).toMatchObject([{ kind: 'refused', tenant: '_', reason: 'not_allowed', denial: 'unknown_phone' }]);
  });

  it.each<readonly [string, Record<string, string>]>([
    ['another domain', { SipDomain: 'evil.sip.twilio.com' }],
    ['no domain', { SipDomain: '' }],
    ['a user who is not declared', { SipUsername: '+56229145248-OFFICE' }],
    ['a form-encoded plus', { SipUsername: ' 56229145248-office' }],
    ['broken encoding', { SipUsername: '%E0%A4%A' }],
  ])('is nobody with %s', async (_, more) => {
    const call = new PhoneCall();
    expect(names(await call.dial(sip('102'), more))).toEqual(['Reject']);
    expect(voice.desk.asked).toEqual([]);
  });

  it('is nobody with a phone that was switched off', async () => {
    const off = communityOf({ tenant: 'off', numbers: [{ e164: '+56229145400', route: 'main' }] });
    await voice.declare({ tenants: [communityOf(), { ...off, endpoints: off.endpoints.map((one) => ({ ...one, enabled: false })) }] });
    const call = new PhoneCall('+56229145400-office');
    expect(names(await call.dial(sip('102')))).toEqual(['Reject']);
    expect(voice.facts.of(call.sid)).toMatchObject([{ kind: 'refused', tenant: 'off', denial: 'endpoint_disabled' }]);
  });
});

describe('what was dialled', () => {
  it.each([
    [sip('987654321'), '987654321'],
    [`sips:102@${DOMAIN}:5061;transport=tls;user=phone?X-A=b`, '102'],
    [`"Oficina, <1>" <sip:%2B56987654321@${DOMAIN}>;tag=1`, MOBILE],
    [`sip:${MOBILE};phone-context=cl@${DOMAIN}`, MOBILE],
    [`sip:102:secret@${DOMAIN}`, '102'],
    [`sip:%23@${DOMAIN}`, '#'],
    ['sip:@x', ''],
    ['tel:+56987654321', ''],
    ['', ''],
    [`sip:1@a@${DOMAIN}`, ''],
  ])('%s is read as %j', async (to, dialled) => {
    deny('invalid_number');
    await new PhoneCall().dial(to);
    expect(voice.desk.asked.map((request) => request.dialled)).toEqual([dialled]);
  });

  it('is asked of the desk under the call’s own name, and with whose our numbers are', async () => {
    deny('invalid_number');
    const having = (e164: string) => ({ numbers: [{ e164, route: 'main' }] });
    await voice.declare({ tenants: [communityOf(), communityOf({ tenant: 'los_aromos', ...having('+56229145300') }), communityOf({ tenant: 'plaza', domain: 'plaza.sip.twilio.com', ownAccount: true, ...having('+56229145400') })] });
    const call = new PhoneCall();
    await call.dial(sip('102'));
    const [request] = voice.desk.asked;
    expect(request).toMatchObject({ key: call.sid, callId: callIdOf(call.sid) });
    expect(request?.ours('+56229145300')).toEqual({ environment: 'prod', tenant: 'los_aromos', route: 'main' });
    expect(request?.ours('+56229999999')).toBeUndefined();
    // Twilio dials no phones of another subaccount (32214): its number is called as any other.
    expect(request?.ours('+56229145400')).toBeUndefined();
  });
});

describe('the dial tone', () => {
  it('reaches another phone of the tenant by SIP, which is shown the extension', async () => {
    allow({ kind: 'endpoint', to: '102', callerId: '101' });
    const call = new PhoneCall();
    const verbs = await call.dial(sip('102'));
    expect(inner(verbs)).toEqual(['Sip sip:+56229145248-security@communities.sip.twilio.com']);
    expect(verbs[0]?.attributes).toMatchObject({ answerOnBridge: 'true', callerId: '101' });
    expect(voice.facts.of(call.sid)).toMatchObject([{ kind: 'started', direction: 'internal', from: '101', to: '102', tenant: 'oficina_principal' }]);
  });

  it('reaches a number outside with the endpoint’s own caller ID, for as long as was paid for', async () => {
    allow({ kind: 'number', to: MOBILE, callerId: '+56229145248', timeLimitS: 1_234, reservationId: 'r1' });
    const call = new PhoneCall();
    const verbs = await call.dial(sip('987654321'));
    expect(inner(verbs)).toEqual([`Number ${MOBILE}`]);
    expect(verbs[0]?.attributes).toMatchObject({ answerOnBridge: 'true', callerId: '+56229145248', timeLimit: '1234' });
    expect(voice.facts.kind(call.sid, 'started')).toMatchObject([{ direction: 'outbound', from: '101', to: MOBILE }]);
    expect(names(await call.ended('completed', { DialCallDuration: '61' }))).toEqual(['Hangup']);
    expect(voice.desk.settled).toEqual([{ reservationId: 'r1', billedS: 61 }]);
  });

  it.each([
    ['busy', 'Reject', []],
    ['no-answer', 'Say Hangup', ['El destino no contesta.']],
    ['failed', 'Say Hangup', ['No fue posible comunicarse con el destino. Por favor, intente nuevamente más tarde.']],
  ])('says what became of a call that ended %s, and settles it at nothing', async (status, verbs, said) => {
    allow({ kind: 'number', to: MOBILE, callerId: '+56229145248', timeLimitS: 60, reservationId: `r-${status}` });
    const call = new PhoneCall();
    await call.dial(sip('987654321'));
    const answer = await call.ended(status);
    expect(names(answer).join(' ')).toBe(verbs);
    expect(answer.filter(({ name }) => name === 'Say').map(({ text }) => text)).toEqual(said);
    expect(voice.desk.settled).toEqual([{ reservationId: `r-${status}`, billedS: 0 }]);
  });

  it('settles again and again while the desk’s database is away', async () => {
    allow({ kind: 'number', to: MOBILE, callerId: '+56229145248', timeLimitS: 60, reservationId: 'r-away' });
    let tries = 0;
    const settle = voice.desk.settle.bind(voice.desk);
    voice.desk.settle = async (settlement) => {
      tries += 1;
      if (tries < 3) throw new TransientError('database_away', 'away');
      return settle(settlement);
    };
    const call = new PhoneCall();
    await call.dial(sip('987654321'));
    await call.ended('completed', { DialCallDuration: '5' });
    await eventually('it is settled', () => voice.desk.settled.length > 0);
    expect(voice.desk.settled).toEqual([{ reservationId: 'r-away', billedS: 5 }]);
  });

  it.each([['operator', '0'], ['menu', '#'], ['route', '*9']] as const)('begins the tenant’s %s with %s', async (kind, to) => {
    allow({ kind, to, route: 'main', callerId: '101' });
    const call = new PhoneCall();
    expect(names(await call.dial(sip(encodeURIComponent(to))))).toEqual(['Gather']);
    const [dial] = await call.ask(call.attribute('Gather', 'action'), callOf(`sip:${USER}@${DOMAIN}`, 'x', call.sid, { CallStatus: 'in-progress', Digits: '2' }));
    expect(dial?.attributes).toMatchObject({ callerId: '101' });
    expect(voice.facts.kind(call.sid, 'started')).toMatchObject([{ direction: 'internal', from: '101', to }]);
  });

  it('reaches a number of another tenant without the telephone network, and tells nobody who is behind it', async () => {
    await voice.declare({
      tenants: [
        communityOf(),
        communityOf({ tenant: 'los_aromos', numbers: [{ e164: '+56229145300', route: 'main' }], endpoints: [{ extension: '101', role: 'office', displayName: 'Office', rail: 'twilio', username: '+56229145300-office', callerId: null, enabled: true }] }),
      ],
    });
    allow({ kind: 'our-number', to: '+56229145300', number: { environment: 'prod', tenant: 'los_aromos', route: 'main' }, callerId: '+56229145248' });
    const call = new PhoneCall();
    await call.dial(sip('+56229145300'));
    const [dial] = await call.ask(call.attribute('Gather', 'action'), callOf(`sip:${USER}@${DOMAIN}`, 'x', call.sid, { CallStatus: 'in-progress', Digits: '1' }));
    expect(inner([dial as TwimlElement])).toEqual(['Sip sip:+56229145300-office@communities.sip.twilio.com']);
    expect(dial?.attributes['callerId']).toBe('+56229145248');
    expect(dial?.children[0]?.attributes['statusCallback']).toContain('tenant=oficina_principal&');
    expect(dial?.children[0]?.attributes['statusCallback']).toContain(`target=${encodeURIComponent('+56229145300')}`);
    expect(new Set(voice.facts.of(call.sid).map(({ tenant }) => tenant))).toEqual(new Set(['oficina_principal']));
  });

  it.each<readonly [string, OutboundTarget, string]>([
    ['Twilio', { kind: 'emergency', to: '911', by: 'twilio', callerId: '+12025550123' }, 'Number 911'],
    ['the tenant’s own line', { kind: 'emergency', to: '133', by: 'line', sip: 'sip:133@line.example.com;transport=tls', callerId: null }, 'Sip sip:133@line.example.com;transport=tls'],
  ])('reaches help by %s, with no limit', async (_, target, dialled) => {
    allow(target);
    const verbs = await new PhoneCall().dial(sip(target.to));
    expect(inner(verbs)).toEqual([dialled]);
    expect(verbs[0]?.attributes).not.toHaveProperty('timeLimit');
  });
});

describe('a call that may not be made', () => {
  it('is told why, in the tenant’s language and as a fact', async () => {
    deny('country_not_allowed');
    const call = new PhoneCall();
    const verbs = await call.dial(sip('+5351234567'));
    expect(verbs).toMatchObject([{ name: 'Say', attributes: { language: 'es-MX', voice: 'Polly.Mia-Neural' }, text: 'Ese destino no está permitido.' }, { name: 'Hangup' }]);
    expect(voice.facts.of(call.sid)).toMatchObject([{ kind: 'refused', reason: 'not_allowed', denial: 'country_not_allowed', detail: 'calls to CU are not allowed', cause: 21, from: '101', direction: 'outbound' }]);
  });

  it.each([['invalid_number', 'invalid_number'], ['no_such_endpoint', 'no_such_endpoint'], ['tenant_suspended', 'tenant_suspended'], ['burst_cap', 'overload'], ['spend_cap', 'not_allowed']])('is refused for %s as %s', async (reason, told) => {
    deny(reason);
    const call = new PhoneCall();
    await call.dial(sip('1'));
    expect(voice.facts.of(call.sid)).toMatchObject([{ kind: 'refused', reason: told, denial: reason }]);
  });

  it('is refused, and said to be so, when the desk breaks', async () => {
    voice.desk.answer = () => {
      throw new Error('broken');
    };
    const call = new PhoneCall();
    expect(names(await call.dial(sip('987654321')))).toEqual(['Say', 'Hangup']);
    expect(voice.facts.of(call.sid)).toMatchObject([{ kind: 'refused', denial: 'undecided' }]);
  });

  it('is asked of the desk once, however often Twilio asks', async () => {
    deny('country_not_allowed');
    const call = new PhoneCall();
    await call.dial(sip('+5351234567'));
    const { body } = call.last ?? {};
    await call.dial(sip('+5351234567'));
    expect(call.last?.body).toBe(body);
    expect(voice.desk.asked).toHaveLength(1);
  });

  it('cannot break out of what is said', async () => {
    deny('country_not_allowed', '</Say><Dial>+1900</Dial>&<Say>');
    const verbs = await new PhoneCall().dial(sip('1'));
    expect(verbs.map(({ name, text }) => [name, text])).toEqual([['Say', '</Say><Dial>+1900</Dial>&<Say>'], ['Hangup', '']]);
  });
});

describe('a phone that sends its call elsewhere', () => {
  /** A caller from outside whom the office has answered. */
  async function answered(): Promise<PhoneCall> {
    const call = new PhoneCall();
    const from = '+56912345678';
    await call.ask('/twilio/voice/number', callOf(from, '+56229145248', call.sid));
    await call.ask(call.attribute('Gather', 'action'), callOf(from, '+56229145248', call.sid, { CallStatus: 'in-progress', Digits: '1' }));
    return call;
  }

  it('is asked for at the desk as that phone, and another phone rings, shown the caller', async () => {
    allow({ kind: 'endpoint', to: '102', callerId: '101' });
    const call = await answered();
    const verbs = await call.refer(sip('102'));
    expect(inner(verbs)).toEqual(['Sip sip:+56229145248-security@communities.sip.twilio.com']);
    const [request] = voice.desk.asked;
    expect(request).toMatchObject({ from: '101', dialled: '102', callId: callIdOf(call.sid) });
    expect(request?.key).toMatch(new RegExp(`^${call.sid}/[0-9a-f]{16}$`));
    expect(voice.facts.kind(call.sid, 'transferred')).toMatchObject([{ to: 'endpoint', target: '102' }]);
  });

  it('gets it back when nobody answers there, and its caller is told when it does not answer either', async () => {
    allow({ kind: 'endpoint', to: '102', callerId: '101' });
    const call = await answered();
    await call.refer(sip('102'));
    expect(inner(await call.ended('no-answer'))).toEqual(['Sip sip:+56229145248-office@communities.sip.twilio.com']);
    expect(names(await call.ended('no-answer'))).toEqual(['Say', 'Hangup']);
  });

  it('gets it back, and its caller is told why, when it may not go there', async () => {
    deny('premium_denied');
    const call = await answered();
    const verbs = await call.refer(sip('+56900123'));
    expect(names(verbs)).toEqual(['Say', 'Dial']);
    expect(inner(verbs.slice(1))).toEqual(['Sip sip:+56229145248-office@communities.sip.twilio.com']);
  });

  it('may send it to a number as far as is paid for, and to a route', async () => {
    const call = await answered();
    allow({ kind: 'number', to: MOBILE, callerId: '+56229145248', timeLimitS: 600, reservationId: 'r2' });
    expect((await call.refer(sip('987654321')))[0]).toMatchObject({ name: 'Dial', attributes: { timeLimit: '600', callerId: '+56229145248' } });
    const other = await answered();
    allow({ kind: 'menu', to: '#', route: 'main', callerId: '101' });
    expect(names(await other.refer(sip('%23')))).toEqual(['Gather']);
  });

  it('goes on as the same call where it is the other leg that is left', async () => {
    allow({ kind: 'number', to: MOBILE, callerId: '+56229145248', timeLimitS: 600, reservationId: 'r3' });
    const call = new PhoneCall();
    await call.dial(sip('987654321'));
    allow({ kind: 'menu', to: '#', route: 'main', callerId: '101' });
    const leg = newCallSid();
    await call.refer(sip('%23'), leg);
    await call.ask(call.attribute('Gather', 'action'), callOf('x', 'y', leg, { CallStatus: 'in-progress', Digits: '2' }));
    expect(voice.facts.of(leg)).toEqual([]);
    expect(voice.facts.kind(call.sid, 'digit')).toMatchObject([{ digit: '2' }]);
  });

  it.each(['', 'sip:', 'tel:1', '<x>'])('to %j is asked as nothing', async (target) => {
    deny('invalid_number');
    const call = await answered();
    expect(names(await call.refer(target))).toEqual(['Say', 'Dial']);
    expect(voice.desk.asked.map(({ dialled }) => dialled)).toEqual(['']);
  });
});

describe('a leg’s ticket that is wrong', () => {
  it.each(['/twilio/voice/outbound', '/twilio/voice/refer'])('gets an excuse at %s', async (path) => {
    for (const ticket of ['', '1', '1eyJ9', `1${Buffer.from('{"environment":"prod"}').toString('base64url')}`]) {
      const answer = await voice.twilio.post(`${path}?d=${ticket}`, callOf('x', 'y', newCallSid()));
      expect([answer.status, ...names(answer.verbs)]).toEqual([200, 'Say', 'Hangup']);
    }
  });

  it('is of no use to another environment', async () => {
    await voice.declare({ tenants: [communityOf()], environments: [environmentOf(), environmentOf({ name: 'dev', publicUrl: 'https://dev.example.com', tokens: ['dev-token'] })] });
    allow({ kind: 'number', to: MOBILE, callerId: '+56229145248', timeLimitS: 600, reservationId: 'r4' });
    const call = new PhoneCall();
    await call.dial(sip('987654321'));
    const action = new URL(call.attribute('Dial', 'action'));
    const answer = await voice.asks('https://dev.example.com', 'dev-token').post(action.pathname + action.search, callOf('x', 'y', call.sid, { DialCallStatus: 'completed', DialCallDuration: '9' }));
    expect(names(answer.verbs)).toEqual(['Say', 'Hangup']);
    expect(voice.desk.settled).toEqual([]);
  });
});
