import { header, type OutgoingCall, type SipCall, type SipRequest } from '@troncal/sip-phone';
import { describe, expect, it, vi, type TestContext } from 'vitest';
import { DOMAIN, openSipBench, PASSWORD, type SipBench } from '../../test/support/sip-bench.js';
import { CALLER, NUMBER } from '../../test/support/voice-bench.js';
import { promptTone } from '../index.js';
import { DigestGuard } from './digest-guard.js';
import { SipLog } from './sip-log.js';
import { SipServer } from './sip-server.js';

const OFFICE = `${NUMBER}-office`;
const SECURITY = `${NUMBER}-security`;
const OFFICE_URI = `sip:${OFFICE}@${DOMAIN}`;

/** A simulator of a test's own, closed when the test is over: these wait far more than they work, so they run beside each other. */
async function benchOf({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<SipBench> {
  const bench = await openSipBench([OFFICE, SECURITY]);
  bench.server.serve({ '/after': '<Hangup/>' });
  onTestFinished(() => bench.close());
  return bench;
}

const codes = (bench: SipBench) => bench.simulator.voice.alerts().map(({ code }) => code);
const arrived = (bench: SipBench, path: string) => vi.waitUntil(() => bench.server.at(path)[0]?.parameters, { timeout: 8_000 });

/** Both say a tone of their own, and each hears that of the other. */
async function hearEachOther(one: SipCall, other: SipCall): Promise<void> {
  const sinceMs = performance.now();
  const playing = Promise.all([one.playTone(700, 1_000), other.playTone(1_100, 1_000)]);
  await Promise.all([other.heard.waitForTone(700, { sinceMs }), one.heard.waitForTone(1_100, { sinceMs })]);
  for (const call of [one, other]) call.stopPlaying();
  await playing;
}

describe.concurrent('a phone', () => {
  it('registers at its domain with what it was given, and is known there until it leaves', async (test) => {
    const bench = await benchOf(test);
    const phone = await bench.phone(OFFICE);
    expect(await phone.register({ expiresS: 60 })).toEqual({ expiresS: 600 });
    expect(bench.simulator.sip.registrar.all()).toMatchObject([{ address: `${OFFICE}@${DOMAIN}`, bindings: [{ contact: phone.address }] }]);
    expect(await phone.register({ expiresS: 86_400 })).toEqual({ expiresS: 3_600 });
    await phone.unregister();
    expect(bench.simulator.sip.registrar.all()).toEqual([]);
    const log = JSON.stringify(bench.simulator.sip.log.messages);
    expect(log).toContain(`REGISTER sip:${DOMAIN}`);
    expect(log).not.toMatch(new RegExp(`${PASSWORD}|response=|nonce=`));
    expect(codes(bench)).toEqual([]);
  });

  it.for<readonly [string, number, number | undefined, (bench: SipBench) => Promise<unknown>]>([
    ['a wrong password', 403, 32202, async (it) => (await it.phone(OFFICE, { password: 'Bb2Bb2Bb2Bb2' })).register()],
    ['a user of no list', 403, 32202, async (it) => (await it.phone('nobody')).register()],
    ['a domain without registration', 403, 32210, async (it) => {
      await it.sdk.sip.domains(it.domainSid).update({ sipRegistration: false });
      return (await it.phone(OFFICE)).register();
    }],
    ['a domain without a list for registrations', 403, 32212, async (it) => {
      await it.sdk.sip.domains(it.domainSid).auth.registrations.credentialListMappings(it.listSid).remove();
      return (await it.phone(OFFICE)).register();
    }],
    ['a domain that nobody has', 404, undefined, async (it) => (await it.phone(OFFICE, { domain: 'other.sip.twilio.com' })).register()],
    ['an eleventh telephone of one user', 403, 32007, async (it) => {
      for (let number = 0; number < 10; number += 1) {
        await it.registered(OFFICE);
        if (number % 4 === 3) await new Promise((resolve) => setTimeout(resolve, 1_100));
      }
      return (await it.phone(OFFICE)).register();
    }],
  ])('is refused: %s', async ([, sipStatus, code, act], test) => {
    const bench = await benchOf(test);
    await expect(act(bench)).rejects.toMatchObject({ sipStatus });
    expect(codes(bench)).toEqual(code === undefined ? [] : [code]);
  });

  it('calls through its domain, which asks about it by the name of its credentials', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({
      '/phone': '<Say>Dial tone.</Say><Gather numDigits="1" action="/digit"/>',
      '/digit': ({ Digits }) => `<Say>You pressed ${Digits}.</Say><Pause length="100"/>`,
    });
    const phone = await bench.phone(OFFICE);
    const call = await phone.call(`sip:+56911112222@${DOMAIN}`, { headers: { 'X-Floor': '7' } });
    await call.answered();
    await call.heard.waitForTone(promptTone('Dial tone.'), { sinceMs: 0 });
    await call.sendDigits('7');
    await call.heard.waitForTone(promptTone('You pressed 7.'), { sinceMs: 0 });
    await call.hangup();
    expect(await arrived(bench, '/phone')).toMatchObject({
      From: `sip:${OFFICE}@${DOMAIN}`, To: `sip:+56911112222@${DOMAIN}`, Direction: 'inbound',
      SipDomain: DOMAIN, SipDomainSid: bench.domainSid, SipUsername: OFFICE, SipSourceIp: '127.0.0.1', SipCallId: call.callId, 'SipHeader_X-Floor': '7',
    });
    expect(await arrived(bench, '/phone-status')).toMatchObject({ CallStatus: 'completed' });
    expect(bench.server.arrived.every(({ isSigned }) => isSigned)).toBe(true);
  });

  it.for<readonly [string, number, (bench: SipBench) => Promise<OutgoingCall>]>([
    ['a wrong password', 403, async (it) => (await it.phone(OFFICE, { password: 'Bb2Bb2Bb2Bb2' })).call('100')],
    ['a domain that takes no calls', 403, async (it) => {
      await it.sdk.sip.domains(it.domainSid).auth.calls.credentialListMappings(it.listSid).remove();
      return (await it.phone(OFFICE)).call('100');
    }],
    ['a domain that wants TLS', 403, async (it) => (await it.sdk.sip.domains(it.domainSid).update({ secure: true }), await it.phone(OFFICE)).call('100')],
    ['TwiML that says busy', 486, async (it) => (it.server.serve({ '/phone': '<Reject reason="busy"/>' }), await it.phone(OFFICE)).call('100')],
    ['TwiML that says no', 404, async (it) => (it.server.serve({ '/phone': '<Reject/>' }), await it.phone(OFFICE)).call('100')],
    ['a number that nobody has', 404, async (it) => (await it.networkPhone(CALLER)).call(it.atTrunk('+56900000000'))],
  ])('can’t call: %s', async ([, sipStatus, act], test) => {
    const bench = await benchOf(test);
    expect(await (await act(bench)).ended()).toMatchObject({ sipStatus });
  });

  it('has to call from an address that is let in, where such are listed', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/phone': '<Reject reason="busy"/>' });
    const { sid } = await bench.sdk.sip.ipAccessControlLists.create({ friendlyName: 'Offices' });
    await bench.sdk.sip.ipAccessControlLists(sid).ipAddresses.create({ friendlyName: 'elsewhere', ipAddress: '192.0.2.0', cidrPrefixLength: 24 });
    await bench.sdk.sip.domains(bench.domainSid).auth.calls.ipAccessControlListMappings.create({ ipAccessControlListSid: sid });
    const phone = await bench.phone(OFFICE);
    expect(await (await phone.call('100')).ended()).toMatchObject({ sipStatus: 403 });
    expect(codes(bench)).toEqual([32201]);
    await bench.sdk.sip.ipAccessControlLists(sid).ipAddresses.create({ friendlyName: 'here', ipAddress: '127.0.0.0', cidrPrefixLength: 8 });
    expect(await (await phone.call('100')).ended()).toMatchObject({ sipStatus: 486 });
    // Both have to let it in.
    const stranger = await bench.phone(OFFICE, { password: 'Bb2Bb2Bb2Bb2' });
    expect(await (await stranger.call('100')).ended()).toMatchObject({ sipStatus: 403 });
    // And the list alone does when there is no other.
    await bench.sdk.sip.domains(bench.domainSid).auth.calls.credentialListMappings(bench.listSid).remove();
    expect(await (await stranger.call('100')).ended()).toMatchObject({ sipStatus: 486 });
    expect(bench.server.at('/phone').map(({ parameters }) => parameters['SipUsername'])).toEqual([OFFICE, undefined]);
  });

  it('is called from the telephone network, and both hear and dial each other', async (test) => {
    const bench = await benchOf(test);
    const events = 'statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed"';
    bench.server.serve({ '/voice': `<Dial answerOnBridge="true" action="/after"><Sip ${events}>${OFFICE_URI}?X-Tenant=plaza</Sip></Dial>` });
    const [office, caller] = [await bench.registered(OFFICE), await bench.networkPhone(CALLER)];
    const outgoing = await caller.call(bench.atTrunk(NUMBER));
    const incoming = await office.nextCall();
    expect([incoming.remoteUser, incoming.inviteHeader('X-Tenant')]).toEqual([CALLER, 'plaza']);
    expect(incoming.inviteHeader('X-Twilio-CallSid')).toMatch(/^CA/);
    expect(outgoing.isAnswered).toBe(false);
    await incoming.answer();
    await outgoing.answered();
    await hearEachOther(outgoing, incoming);
    await outgoing.sendDigits('12');
    expect(await incoming.digits(2)).toBe('12');
    await incoming.sendDigits('#');
    expect(await outgoing.digits(1)).toBe('#');
    await incoming.hangup();
    expect(await arrived(bench, '/after')).toMatchObject({
      DialCallStatus: 'completed',
      DialBridged: 'true',
      DialSipResponseCode: '200',
      DialSipCallId: incoming.callId,
    });
    const told = () => bench.server.at('/leg').map(({ parameters }) => parameters['CallStatus']).toSorted();
    await vi.waitFor(() => expect(told()).toEqual(['completed', 'in-progress', 'initiated', 'ringing']));
    expect((await outgoing.ended()).by).toBe('remote');
  });

  it('rings at all its places at once, and the first that answers has the call', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': `<Dial><Sip>${OFFICE_URI}</Sip></Dial>` });
    const [desk, mobile, caller] = [await bench.registered(OFFICE), await bench.registered(OFFICE), await bench.networkPhone(CALLER)];
    const outgoing = await caller.call(bench.atTrunk(NUMBER));
    const [atDesk, atMobile] = [await desk.nextCall(), await mobile.nextCall()];
    await atMobile.answer();
    expect(await atDesk.ended()).toMatchObject({ by: 'remote', sipStatus: 487 });
    await hearEachOther(outgoing, atMobile);
    await outgoing.hangup();
    expect((await atMobile.ended()).by).toBe('remote');
  });

  it.for<readonly [string, string, string, ((bench: SipBench) => Promise<unknown>) | undefined, number | undefined]>([
    ['busy', '486', 'busy', async (it) => (await it.registered(OFFICE)).onIncoming((call) => call.reject(486)), undefined],
    ['declines', '603', 'failed', async (it) => (await it.registered(OFFICE)).onIncoming((call) => call.reject(603)), undefined],
    ['rings on', '487', 'no-answer', (it) => it.registered(OFFICE), undefined],
    ['isn’t registered', '480', 'no-answer', undefined, 32009],
    ['has lost its network', '480', 'no-answer', async (it) => (await it.registered(OFFICE), it.simulator.sip.registrar.forget(`${OFFICE}@${DOMAIN}`)), 32009],
  ])('%s when it is called', async ([, sipCode, status, prepare, code], test) => {
    const bench = await benchOf(test);
    await prepare?.(bench);
    bench.server.serve({ '/voice': `<Dial action="/after" timeout="4"><Sip>${OFFICE_URI}</Sip></Dial>` });
    bench.simulator.voice.call({ from: CALLER, to: NUMBER });
    expect(await arrived(bench, '/after')).toMatchObject({ DialCallStatus: status, DialSipResponseCode: sipCode });
    expect(codes(bench)).toEqual(code === undefined ? [] : [code]);
  });

  it.for([
    ['an edge', `sip:${OFFICE}@troncal-plaza.sip.sao-paulo.twilio.com`, 32220],
    ['no user', `sip:${DOMAIN}`, 32223],
    ['a domain that nobody has', `sip:${OFFICE}@nobody.sip.twilio.com`, 32002],
  ])('isn’t reached by an address with %s', async ([, uri, code], test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': `<Dial action="/after"><Sip>${uri}</Sip></Dial>` });
    bench.simulator.voice.call({ from: CALLER, to: NUMBER });
    expect(await arrived(bench, '/after')).toMatchObject({ DialCallStatus: 'failed' });
    expect(codes(bench)).toEqual([code]);
  });

  it('stops ringing when the caller gives up', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': `<Dial action="/after" answerOnBridge="true"><Sip>${OFFICE_URI}</Sip></Dial>` });
    const [office, caller] = [await bench.registered(OFFICE), await bench.networkPhone(CALLER)];
    const outgoing = await caller.call(bench.atTrunk(NUMBER));
    const incoming = await office.nextCall();
    expect(await outgoing.hangup()).toMatchObject({ sipStatus: 487 });
    expect(await incoming.ended()).toMatchObject({ by: 'remote', sipStatus: 487 });
    expect(await arrived(bench, '/after')).toMatchObject({ DialCallStatus: 'canceled', CallStatus: 'canceled' });
  });

  it('calls another phone of its domain, and a telephone in the network', async (test) => {
    const bench = await benchOf(test);
    const mobile = await bench.networkPhone(CALLER);
    bench.simulator.set({ voice: { callees: [{ number: CALLER, does: { what: 'sip', uri: mobile.address } }] } });
    const noun = (to: string): string => (to.includes('security') ? `<Sip>sip:${SECURITY}@${DOMAIN}</Sip>` : `<Number>${CALLER}</Number>`);
    bench.server.serve({ '/phone': ({ To = '' }) => `<Dial callerId="${NUMBER}">${noun(To)}</Dial>` });
    const [office, security] = [await bench.registered(OFFICE), await bench.registered(SECURITY)];
    for (const [to, other] of [['security', security], [CALLER, mobile]] as const) {
      const outgoing = await office.call(to);
      const incoming = await other.nextCall();
      expect(incoming.remoteUser).toBe(NUMBER);
      await incoming.answer();
      await outgoing.answered();
      await hearEachOther(outgoing, incoming);
      await outgoing.hangup();
      await incoming.ended();
    }
  });

  it('is called by REST', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/out': '<Say>A call for you.</Say><Pause length="100"/>' });
    const office = await bench.registered(OFFICE);
    const made = await bench.sdk.calls.create({ from: NUMBER, to: OFFICE_URI, url: `${bench.server.url}/out` });
    const incoming = await office.nextCall();
    await incoming.answer();
    await incoming.heard.waitForTone(promptTone('A call for you.'), { sinceMs: 0 });
    await bench.sdk.calls(made.sid).update({ status: 'completed' });
    expect((await incoming.ended()).by).toBe('remote');
  });
});

describe.concurrent('a transfer by REFER', () => {
  it('of the called phone sends the caller to whom the refer URL says', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({
      '/voice': `<Dial referUrl="/refer" action="/after"><Sip>${OFFICE_URI}</Sip></Dial>`,
      '/refer': ({ ReferTransferTarget }) => `<Dial><Sip>${ReferTransferTarget}</Sip></Dial>`,
    });
    const [office, security, caller] = [await bench.registered(OFFICE), await bench.registered(SECURITY), await bench.networkPhone(CALLER)];
    const outgoing = await caller.call(bench.atTrunk(NUMBER));
    const first = await office.nextCall();
    await first.answer();
    expect(await first.refer(`sip:${SECURITY}@${DOMAIN}`)).toBe(200);
    const second = await security.nextCall();
    await second.answer();
    expect((await first.ended()).by).toBe('remote');
    await hearEachOther(outgoing, second);
    expect(await arrived(bench, '/refer')).toMatchObject({ ReferTransferTarget: `sip:${SECURITY}@${DOMAIN}`, CallStatus: 'in-progress' });
  });

  it('is refused without a refer URL', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/voice': `<Dial><Sip>${OFFICE_URI}</Sip></Dial>` });
    const [office, caller] = [await bench.registered(OFFICE), await bench.networkPhone(CALLER)];
    const outgoing = await caller.call(bench.atTrunk(NUMBER));
    const first = await office.nextCall();
    await first.answer();
    await outgoing.answered();
    expect(await first.refer(`sip:${SECURITY}@${DOMAIN}`)).toBe(603);
    expect(codes(bench)).toEqual([13802]);
    await hearEachOther(outgoing, first);
  });

  it('by <Refer> sends the phone that called, and ends Twilio’s part', async (test) => {
    const bench = await benchOf(test);
    bench.server.serve({ '/phone': '<Say>One moment.</Say><Refer action="/referred"><Sip>sip:300@pbx.example</Sip></Refer>' });
    const phone = await bench.phone(OFFICE);
    const call = await phone.call('100');
    const targets: string[] = [];
    call.onRefer((target) => targets.push(target) > 0);
    expect(await arrived(bench, '/referred')).toMatchObject({ ReferCallStatus: 'completed', ReferSipResponseCode: '200' });
    expect([targets, (await call.ended()).by]).toEqual([['sip:300@pbx.example'], 'remote']);
  });
});

describe.concurrent('an exchange of somebody’s own, which <Sip> names by its address', () => {
  const HEADERS = { 'X-Case': '17 + 4', 'X-Empty': '' };
  const answered = async (bench: SipBench, credentials: string) => {
    const guard = new DigestGuard();
    const server = await SipServer.open({ host: '127.0.0.1', port: 0, timers: { t1: 100, t2: 400 } }, new SipLog());
    const invites: SipRequest[] = [];
    server.handlers = {
      ...server.handlers,
      onInvite: (transaction) => {
        const identified = guard.identify(transaction.request, (user) => (user === 'rail' ? PASSWORD : undefined));
        if (identified.who === 'absent' || identified.who === 'stale') return guard.ask(transaction, identified);
        if (identified.who === 'refused') return transaction.respond(403);
        invites.push(transaction.request);
        void server.ring(transaction).answer();
      },
    };
    const query = new URLSearchParams(HEADERS).toString().replaceAll('+', '%20').replaceAll('&', '&amp;');
    bench.server.serve({ '/voice': `<Dial action="/after" answerOnBridge="true" callerId="+56911112222"><Sip ${credentials}>sip:sales@${server.address};transport=udp?${query}</Sip></Dial>`, '/after': '<Hangup/>' });
    bench.simulator.voice.call({ from: CALLER, to: NUMBER, script: [{ untilAnswered: true }, { hangUp: true }] });
    const after = await arrived(bench, '/after');
    await server.close();
    return { after, invites };
  };

  it('is called with the credentials that stand beside it, the caller shown and the headers as they are', async (test) => {
    const bench = await benchOf(test);
    const { after, invites } = await answered(bench, `username="rail" password="${PASSWORD}"`);
    expect(after).toMatchObject({ DialCallStatus: 'completed', DialSipResponseCode: '200' });
    const [invite] = invites;
    expect(invite && header(invite, 'From')).toContain('sip:+56911112222@');
    expect(Object.keys(HEADERS).map((name) => invite && header(invite, name))).toEqual(Object.values(HEADERS));
    const logged = JSON.stringify(bench.simulator.voice.webhooks());
    expect(logged).toContain('sip:sales@');
    expect(logged).not.toContain(PASSWORD);
  });

  it.for([['none', '', '407'], ['wrong ones', 'username="rail" password="other"', '403']] as const)('and refuses a call with %s', async ([, credentials, code], test) => {
    const { after, invites } = await answered(await benchOf(test), credentials);
    expect(after).toMatchObject({ DialCallStatus: 'failed', DialSipResponseCode: code });
    expect(invites).toEqual([]);
  });
});
