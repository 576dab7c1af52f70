import path from 'node:path';
import { CallEndedV1, CallRingingV1, type CallView, type SipUserView, type StackState } from '@troncal/contracts';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import { SipPhone } from '@troncal/sip-phone';
import { eventually, openStack, type Stack } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLONE_DIR } from '../src/launcher.js';
import { troncal, type Said } from './cli.js';

const EXAMPLE = path.join(CLONE_DIR, 'examples', 'communities.yaml');
const OFFICE_NUMBER = '+56229145248';
const CALLER = '+56911112222';

type Party = SipPhone['activeCalls'][number];

/** The owner's three communities and a client with dial tone, from one file to a conversation. */
describe('the communities of the example', () => {
  let stack: Stack;
  let state: StackState;
  let tail: Tail;
  let applied: Said;
  const events: SeenEvent[] = [];
  const phones: SipPhone[] = [];

  beforeAll(async () => {
    stack = await openStack();
    state = await stack.state();
    tail = await tailEvents({ url: state.nats.url, ...state.nats.observer }, (event) => events.push(event), { domains: ['calls'] });
    await tail.started;
    applied = await troncal(state.directories.state, 'tenants', 'apply', '-f', EXAMPLE);
  });
  afterEach(async () => {
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
  });
  afterAll(async () => {
    await tail.stop();
  });

  /** A tenant's phone with the settings of its sheet, registered at the SIP domain as any phone would. */
  async function phone(extension: string, tenant = 'oficina_principal'): Promise<SipPhone> {
    const { username, password = '', domain } = await stack.api.expect<SipUserView>('POST', `/api/environments/prod/tenants/${tenant}/users/${extension}/reveal`);
    const made = await SipPhone.open({ bindAddress: '127.0.0.1', user: username, password, domain, registrar: state.twilio?.sip ?? nowhere() });
    phones.push(made);
    expect((await made.register({ expiresS: 600 })).expiresS).toBe(600);
    return made;
  }
  /** Somebody in the telephone network calls, and hears the menu. */
  async function callIn(): Promise<Party> {
    const network = await SipPhone.open({ bindAddress: '127.0.0.1', user: CALLER });
    phones.push(network);
    const { host, port } = state.twilio?.trunk ?? nowhere();
    const call = await network.call(`sip:${OFFICE_NUMBER}@${host}:${port}`);
    await call.answered();
    await call.heard.waitForVoice({ timeoutMs: 10_000, forMs: 100 });
    return call;
  }
  async function hears(listener: Party, speaker: Party, hz: number): Promise<void> {
    const playing = speaker.playTone(hz, 5_000);
    await listener.heard.waitForTone(hz, { timeoutMs: 8_000 });
    speaker.stopPlaying();
    await playing;
  }
  const ended = (): ReturnType<typeof CallEndedV1.read>[] => events.filter(({ envelope }) => envelope.type === CallEndedV1.type && envelope.tenantid === 'oficina_principal').map(({ envelope }) => CallEndedV1.read(envelope));
  const rung = (): string[] => events.filter(({ envelope }) => envelope.type === CallRingingV1.type && envelope.tenantid === 'oficina_principal').map(({ envelope }) => CallRingingV1.read(envelope).data.target);

  it('are there after one command, which tells plan and steps', async () => {
    expect(applied).toMatchObject({ code: 0, err: '' });
    expect(applied.out).toContain(`makes the SIP user ${OFFICE_NUMBER}-office`);
    // The SIP domain may be there already: another suite's tenants are in the same environment.
    expect(applied.out).toMatch(/is whole after [\d.]+ s: 2[34] done/);
    expect(applied.out).toMatch(/201 +html .*\/sheets\//);
    expect(await troncal(state.directories.state, 'tenants', 'plan', '-f', EXAMPLE)).toMatchObject({ code: 0, out: expect.stringContaining('is as declared') as string });
    expect((await troncal(state.directories.state, 'tenants', 'show', 'OFICINA_PRINCIPAL')).out).toContain('troncal-local.sip.twilio.com');
  });

  it('have their callers’ keys followed: 1 rings the office, and both hear each other', async () => {
    const office = await phone('201');
    const ringing = office.nextCall({ timeoutMs: 20_000 });
    const caller = await callIn();
    await caller.sendDigits('1');
    const person = await ringing;
    expect(decodeURIComponent(person.remoteUser ?? '')).toBe(CALLER);
    await person.answer();
    await hears(person, caller, 700);
    await hears(caller, person, 1_100);
    await caller.hangup();
    await person.ended();
    const told = await eventually('the call’s end is told', () => ended()[0], 15_000);
    expect(told.data).toMatchObject({ from: CALLER, to: OFFICE_NUMBER, direction: 'inbound', disposition: 'answered' });
    const view = await eventually('it is listed', async () => {
      const { calls } = await stack.api.expect<{ calls: CallView[] }>('GET', '/api/calls?tenant=oficina_principal');
      return calls.find(({ callId }) => callId === told.data.callId);
    });
    expect(view).toMatchObject({ rail: 'twilio', state: 'ended' });
    expect((await troncal(state.directories.state, 'calls', 'list', '--tenant', 'oficina_principal')).out).toContain('twilio');
  });

  it('2 rings security; who presses 1 and meets nobody is rung there next, and then told so', async () => {
    const security = await phone('202');
    let ringing = security.nextCall({ timeoutMs: 20_000 });
    const direct = await callIn();
    await direct.sendDigits('2');
    const first = await ringing;
    await first.answer();
    await hears(direct, first, 900);
    await first.hangup();
    await direct.ended();

    ringing = security.nextCall({ timeoutMs: 20_000 });
    const second = await callIn();
    // The office has no phone registered any more: the route says security next.
    await second.sendDigits('1');
    (await ringing).reject(486);
    await second.ended();
    await eventually('all ends are told', () => ended().length >= 3, 20_000);
    expect(rung()).toEqual(expect.arrayContaining(['201', '202']));
  });

  it('are called by one command too, which tells what is said and whose phones ring', async () => {
    const said = await troncal(state.directories.state, 'call', 'simulated', OFFICE_NUMBER, '--press', '1');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toContain('1. is said: Bienvenido a Oficina Principal.');
    expect(said.out).toContain(`${OFFICE_NUMBER}-office@troncal-local.sip.twilio.com is no-answer`);
    expect(said.out).toContain('is said: En este momento nadie puede atenderle. Adiós.');
  });

  it('have their telephones added at GDMS by one command, which tells what is left to do by hand', async () => {
    const added = await troncal(state.directories.state, 'devices', 'add', 'oficina_principal', '--lang', 'en');
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(added.out).toMatch(/✓ 201 00:0b:82:5a:10:01 GRP2612: added\./);
    expect(added.out).toContain(`add the account ${OFFICE_NUMBER}-office at troncal-local.sip.twilio.com`);
    expect((await troncal(state.directories.state, 'verify', 'oficina_principal')).out).toMatch(/^device +\S+ +201 00:0b:82:5a:10:01 +Online/m);
  });
});

function nowhere(): never {
  throw new Error('the stack has no simulated Twilio');
}
