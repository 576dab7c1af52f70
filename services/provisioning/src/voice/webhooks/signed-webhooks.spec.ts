import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, newCallSid, signatureOf, type TwilioAsks } from '../../../test/support/twilio-asks.js';
import { communityOf, environmentOf, PUBLIC_URL, startVoice, TOKEN, type VoiceUnderTest } from '../../../test/support/voice-under-test.js';

const NUMBER = '+56229145248';
const DEV = { publicUrl: 'https://dev.example.com', token: 'auth-token-of-dev' };
const OWN = { sid: `AC${'7'.repeat(32)}`, token: 'auth-token-of-plaza', number: '+56229147777' };
const PATHS = ['/twilio/voice/number', '/twilio/voice/flow?s=1', '/twilio/voice/fallback'];

let voice: VoiceUnderTest;
let dev: TwilioAsks;
beforeAll(async () => {
  voice = await startVoice();
  dev = voice.asks(DEV.publicUrl, DEV.token);
  await voice.declare({
    tenants: [communityOf(), communityOf({ environment: 'dev', tenant: 'oficina_principal', domain: 'dev.sip.twilio.com', numbers: [{ e164: '+56229140000', route: 'main' }] }),
      communityOf({ tenant: 'plaza', domain: 'plaza.sip.twilio.com', ownAccount: true, numbers: [{ e164: OWN.number, route: 'main' }] })],
    environments: [environmentOf({ tokens: [TOKEN, 'the-next-token'], subaccounts: [{ tenant: 'plaza', sid: OWN.sid, tokens: [OWN.token] }] }), environmentOf({ name: 'dev', publicUrl: DEV.publicUrl, fallbackUrl: 'https://dev-2.example.com', tokens: [DEV.token] })],
  });
});
afterAll(() => voice?.stop());

const call = (): Record<string, string> => callOf('+56912345678', NUMBER, newCallSid());
const refusals = async (): Promise<number> => {
  const { body } = await voice.service.api.send<string>('GET', '/metrics');
  return Number(/troncal_twilio_webhooks_total\{outcome="refused"[^}]*\} (\d+)/.exec(body)?.[1] ?? 0);
};

describe('a webhook is refused', () => {
  it.each(PATHS)('without a signature, on %s', async (path) => {
    expect(await voice.twilio.post(path, call(), { signature: null })).toMatchObject({ status: 403 });
  });

  it.each<readonly [string, (given: Record<string, string>) => Parameters<TwilioAsks['post']>[2]]>([
    ['empty', () => ({ signature: '' })],
    ['of another token', (given) => ({ signature: signatureOf('guessed', `${PUBLIC_URL}/twilio/voice/number`, Object.entries(given)) })],
    ['of another address', (given) => ({ signature: signatureOf(TOKEN, `${PUBLIC_URL}/twilio/voice/flow`, Object.entries(given)) })],
    ['of the address as this server is reached', (given) => ({ signature: signatureOf(TOKEN, `${voice.running().url}/twilio/voice/number`, Object.entries(given)) })],
    ['of other parameters', () => ({ body: 'CallSid=other' })],
    ['of a form that was cut short', (given) => ({ body: new URLSearchParams(given).toString().slice(0, -1) })],
    ['of a form without its empty parameters', (given) => ({ body: new URLSearchParams(Object.entries(given).filter(([, value]) => value !== '')).toString() })],
    ['of a form with one more parameter', (given) => ({ body: `${new URLSearchParams(given).toString()}&SipUsername=office` })],
    ['of a form, on JSON', () => ({ contentType: 'application/json' })],
    ['of a form, on no type at all', () => ({ contentType: 'text/plain' })],
    ['of a form, on bytes that are no text', () => ({ body: Buffer.from([0xff, 0xfe, 0x00, 0x80]) })],
    ['of nothing', () => ({ body: '' })],
  ])('with a signature %s, which is counted', async (_, how) => {
    const given = call();
    const before = await refusals();
    const answer = await voice.twilio.post('/twilio/voice/number', given, how(given));
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'bad_signature' });
    expect(voice.facts.of(given['CallSid'] ?? '')).toEqual([]);
    expect(await refusals()).toBe(before + 1);
  });

  it('with broken JSON, before anybody has tried to read it', async () => {
    expect(await voice.twilio.post('/twilio/voice/number', {}, { body: '{"a":', contentType: 'application/json' })).toMatchObject({ status: 403 });
  });

  it('when what it says of its own host would make it right', async () => {
    const given = call();
    const host = 'evil.example.com';
    const response = await fetch(`${voice.running().url}/twilio/voice/number`, {
      method: 'POST',
      body: new URLSearchParams(given),
      headers: { 'x-forwarded-host': host, 'x-forwarded-proto': 'https', 'x-original-host': host, 'x-twilio-signature': signatureOf(TOKEN, `https://${host}/twilio/voice/number`, Object.entries(given)) },
    });
    expect(response.status).toBe(403);
  });
});

describe('a webhook is taken', () => {
  it('with blank, repeated and non-ASCII parameters, and such as nobody has heard of', async () => {
    const given = [...Object.entries(call()), ['CallerName', 'Conserjería 門衛 🛎️ & más = 100 %'], ['New', ''], ['New', 'b'], ['SipHeader_X-Ñ', '+']] as const;
    const answer = await voice.twilio.post('/twilio/voice/number', given);
    expect(answer.status).toBe(200);
    expect(answer.verbs.map(({ name }) => name)).toEqual(['Gather']);
  });

  it('by the token that comes as well as by the one that goes', async () => {
    expect((await voice.asks(PUBLIC_URL, 'the-next-token').post('/twilio/voice/number', call())).status).toBe(200);
  });

  it('and given the same answer when it is played again, by Twilio or by whoever has recorded it', async () => {
    const given = call();
    const [first, again] = [await voice.twilio.post('/twilio/voice/number', given), await voice.twilio.post('/twilio/voice/number', given)];
    expect(again.body).toBe(first.body);
    expect(new Set(voice.facts.of(given['CallSid'] ?? '').map(({ key }) => key))).toEqual(new Set(['started', 'answered']));
  });

  it('for its own environment only: what dev’s account signs can’t ring prod’s phones', async () => {
    const given = call();
    expect((await dev.post('/twilio/voice/number', given)).verbs.map(({ name }) => name)).toEqual(['Reject']);
    expect(voice.facts.of(given['CallSid'] ?? '')).toMatchObject([{ kind: 'refused', reason: 'unknown_number', environment: 'dev' }]);
    const [gather] = (await voice.twilio.post('/twilio/voice/number', call())).verbs;
    const ticket = new URL(gather?.attributes['action'] ?? '');
    const stolen = await dev.post(ticket.pathname + ticket.search, { ...call(), Digits: '1' });
    expect(stolen.verbs.map(({ name }) => name)).toEqual(['Say', 'Hangup']);
  });
});

describe('a webhook that speaks of nothing known', () => {
  it.each(['', '1', 'x', '1e30', '2eyJ9', `1${'A'.repeat(3_000)}`, `1${Buffer.from('{"e":"prod"}').toString('base64url')}`, '%00', '<a>'])('as in the ticket %j, gets an excuse and no error', async (ticket) => {
    const answer = await voice.twilio.post(`/twilio/voice/flow?s=${encodeURIComponent(ticket)}`, call());
    expect(answer.status).toBe(200);
    expect(answer.verbs.map(({ name }) => name)).toEqual(['Say', 'Hangup']);
    expect(answer.verbs[0]).toMatchObject({ attributes: { language: 'es-MX' }, text: 'Lo sentimos, no podemos atender su llamada en este momento. Por favor, intente nuevamente más tarde.' });
  });

  it.each([{}, { CallSid: '' }, { CallSid: 'CA1' }, { CallSid: '<Say>' }])('as in %j, gets an excuse and no error', async (given) => {
    const answer = await voice.twilio.post('/twilio/voice/number', given);
    expect(answer.status).toBe(200);
    expect(answer.verbs.map(({ name }) => name)).toEqual(['Say', 'Hangup']);
  });

  it('that is signed for the environment’s fallback address, since the other one did not answer', async () => {
    const given = callOf('+56912345678', '+56229140000', newCallSid());
    expect(await voice.asks('https://dev-2.example.com', DEV.token).post('/twilio/voice/number', given)).toMatchObject({ status: 200 });
    expect(await voice.asks('https://dev-3.example.com', DEV.token).post('/twilio/voice/number', given)).toMatchObject({ status: 403 });
  });
});

describe('a tenant in an account of its own', () => {
  const asks = (token: string): TwilioAsks => voice.asks(PUBLIC_URL, token);
  const to = (number: string, account: string): Record<string, string> => ({ ...callOf('+56912345678', number, newCallSid()), AccountSid: account });

  it('has its calls taken from that account, which speaks of nobody else', async () => {
    expect((await asks(OWN.token).post('/twilio/voice/number', to(OWN.number, OWN.sid))).verbs[0]?.name).not.toBe('Reject');
    expect((await asks(OWN.token).post('/twilio/voice/number', to(NUMBER, OWN.sid))).verbs[0]?.name).toBe('Reject');
    expect((await asks(TOKEN).post('/twilio/voice/number', to(OWN.number, OWN.sid))).verbs[0]?.name).toBe('Reject');
  });

  it('is told by no other account’s token, nor by its own in another’s name', async () => {
    expect(await asks('guessed').post('/twilio/voice/number', to(OWN.number, OWN.sid))).toMatchObject({ status: 403 });
    expect(await asks(OWN.token).post('/twilio/voice/number', to(OWN.number, `AC${'8'.repeat(32)}`))).toMatchObject({ status: 403 });
  });
});
