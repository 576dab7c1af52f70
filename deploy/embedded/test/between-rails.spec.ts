import path from 'node:path';
import { AgentConnectedV1, CallEndedV1, CallQueuedV1, CallRingingV1, CallStartedV1, type CallView, type CallWithTimeline, type DeclaredTenantView, type EventDefinition, type StackState } from '@troncal/contracts';
import { SipPhone } from '@troncal/sip-phone';
import { EventRecorder, eventually, openStack, openStackPhone, type Stack } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLONE_DIR } from '../src/launcher.js';
import { troncal } from './cli.js';

const EXAMPLE = path.join(CLONE_DIR, 'examples', 'both-rails.yaml');
const CALLER = '+56911113333';
const TENANT = 'both_rails';

type Party = SipPhone['activeCalls'][number];

/** Somebody calls a number at Twilio, and speaks with a person whose phone is registered at our own Asterisk. */
describe('a call between both rails', () => {
  let stack: Stack;
  let state: StackState;
  let events: EventRecorder;
  let phone: SipPhone;
  let number: string;
  const callers: SipPhone[] = [];

  beforeAll(async () => {
    stack = await openStack();
    state = await stack.state();
    events = await EventRecorder.open(state, ['calls']);
    const applied = await troncal(state.directories.state, 'tenants', 'apply', '-f', EXAMPLE);
    if (applied.code !== 0) throw new Error(`the example could not be applied: ${applied.err}${applied.out}`);
    const { numbers } = await stack.api.expect<DeclaredTenantView>('GET', `/api/environments/prod/tenants/${TENANT}`);
    number = numbers[0]?.e164 ?? nowhere();
    const { sipUser, password } = await stack.api.expect<{ sipUser: string; password: string }>('POST', `/api/tenants/${TENANT}/endpoints/201/rotate`);
    phone = await openStackPhone(state, { extension: '201', sipUser, password });
  });
  afterEach(async () => {
    await Promise.all(callers.splice(0).map((each) => each.close()));
  });
  afterAll(async () => {
    await phone?.close();
    await events?.stop();
  });

  /** A person in the telephone network, who has heard the menu and pressed a key. */
  async function presses(key: string, from = CALLER): Promise<Party> {
    const network = await SipPhone.open({ bindAddress: '127.0.0.1', user: from });
    callers.push(network);
    const { host, port } = state.twilio?.trunk ?? nowhere();
    const call = await network.call(`sip:${number}@${host}:${port}`);
    await call.answered();
    await call.heard.waitForVoice({ timeoutMs: 10_000, forMs: 100 });
    await call.sendDigits(key);
    return call;
  }
  async function hears(listener: Party, speaker: Party, hz: number): Promise<void> {
    const playing = speaker.playTone(hz, 8_000);
    await listener.heard.waitForTone(hz, { timeoutMs: 8_000 });
    speaker.stopPlaying();
    await playing;
  }
  /** Both hear each other; the caller leaves. Gives the call's id. */
  async function talk(caller: Party, known: ReadonlySet<string>): Promise<string> {
    const person = await phone.nextCall({ timeoutMs: 20_000 });
    expect(decodeURIComponent(person.remoteUser ?? '')).toBe(CALLER);
    await person.answer();
    await hears(person, caller, 700);
    await hears(caller, person, 1_100);
    await caller.hangup();
    await person.ended();
    return (await events.seen(CallEndedV1, ({ data }) => data.from === CALLER && data.to === number && !known.has(data.callId))).data.callId;
  }
  const told = (definition: EventDefinition<{ callId: string }>, callId: string): string[] => events.of(definition, ({ data }) => data.callId === callId).map(({ source }) => source);

  it('rings the phone, which shows who calls, and both hear each other', async () => {
    const callId = await talk(await presses('1'), new Set());
    for (const definition of [CallStartedV1, CallRingingV1, AgentConnectedV1, CallEndedV1]) expect(told(definition, callId)).toEqual(['provisioning']);
    expect(events.of(AgentConnectedV1, ({ data }) => data.callId === callId)[0]?.data).toMatchObject({ extension: '201' });
    const { calls } = await stack.api.expect<{ calls: CallView[] }>('GET', `/api/calls?tenant=${TENANT}`);
    expect(calls).toMatchObject([{ callId, rail: 'twilio' }]);
  });

  it('goes on at our Asterisk as one call, which each rail tells its part of', async () => {
    const before = new Set(events.of(CallEndedV1, () => true).map(({ data }) => data.callId));
    const callId = await talk(await presses('2'), before);
    for (const definition of [CallStartedV1, CallEndedV1]) expect(told(definition, callId)).toEqual(['provisioning']);
    await events.seen(AgentConnectedV1, ({ data }) => data.callId === callId);
    for (const definition of [CallQueuedV1, AgentConnectedV1]) expect(told(definition, callId)).toEqual(['ari-gateway']);
    expect(events.of(CallEndedV1, ({ data }) => data.callId === callId)[0]?.data).toMatchObject({ disposition: 'answered', endedBy: 'caller' });
    const shown = await eventually('its end is shown', async () => {
      const call = await stack.api.expect<CallWithTimeline>('GET', `/api/calls/${callId}`);
      return call.state === 'ended' && call;
    });
    expect(shown).toMatchObject({ rail: 'twilio', from: CALLER, to: number, disposition: 'answered' });
    const { calls } = await stack.api.expect<{ calls: CallView[] }>('GET', `/api/calls?tenant=${TENANT}`);
    expect(calls).toHaveLength(2);
  });

  it('waits its turn there: who came first is put through first, whoever else waits', async () => {
    const before = new Set(events.of(CallQueuedV1, () => true).map(({ data }) => data.callId));
    const queued = (count: number) => eventually(`${count} wait`, () => events.of(CallQueuedV1, ({ tenantid, data }) => tenantid === TENANT && !before.has(data.callId)).length === count, 10_000);
    const first = await presses('2', '+56911110001');
    await queued(1);
    const second = await presses('2', '+56911110002');
    await queued(2);
    for (const [caller, shown] of [[first, '+56911110001'], [second, '+56911110002']] as const) {
      const person = await phone.nextCall({ timeoutMs: 20_000 });
      expect(decodeURIComponent(person.remoteUser ?? '')).toBe(shown);
      await person.answer();
      await hears(person, caller, 700);
      await caller.hangup();
      await person.ended();
    }
    await eventually('both ends are told', () => events.of(CallEndedV1, ({ data }) => data.from.startsWith('+5691111000')).length === 2, 15_000);
  });

  it('comes back to Twilio when our Asterisk can’t go on with it', async () => {
    const before = new Set(events.of(CallEndedV1, () => true).map(({ data }) => data.callId));
    // The edge knows another route than the one that the call walks.
    await stack.api.expect('PUT', `/api/tenants/${TENANT}/routes/main`, { name: 'Other', extension: '700', start: 'bye', nodes: { bye: { kind: 'hangup', cause: 'busy' } } });
    await eventually('the edge knows it', async () => (await (await phone.call('700')).ended()).sipStatus === 486, 10_000);
    const callId = await talk(await presses('2'), before);
    for (const definition of [CallQueuedV1, AgentConnectedV1]) expect(told(definition, callId)).toEqual(['provisioning']);
  });

  it('is nobody’s who doesn’t have the password, whatever its headers say', async () => {
    const stranger = await SipPhone.open({ bindAddress: '127.0.0.1', user: CALLER });
    callers.push(stranger);
    const { host, port } = state.sip ?? nowhere();
    const headers = { 'X-Troncal-Rail': 'prod', 'X-Troncal-Call': crypto.randomUUID(), 'X-Troncal-Tenant': TENANT, 'X-Troncal-Route': 'main', 'X-Troncal-Node': 'people', 'X-Troncal-Language': 'en' };
    for (const user of [`${TENANT}_201`, 'handover']) {
      expect(await (await stranger.call(`sip:${user}@${host}:${port}`, { headers })).ended()).toMatchObject({ by: 'failed', sipStatus: 401 });
    }
    expect(phone.activeCalls).toEqual([]);
  });
});

function nowhere(): never {
  throw new Error('this suite needs Asterisk and a simulated Twilio');
}
