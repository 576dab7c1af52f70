import { setTimeout as sleep } from 'node:timers/promises';
import { CallEndedV1, CallStartedV1, type StackState } from '@troncal/contracts';
import type { OutgoingCall, SipPhone } from '@troncal/sip-phone';
import { EventRecorder, eventually, openStack, openStackPhone, TenantFixture, type Stack } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const CALLER_HZ = 700;
const PERSON_HZ = 1_300;

/** Every part that may die while people talk; the launcher replaces it. */
const PARTS = ['ari-gateway', 'realtime-voice', 'nats', 'postgres', 'light'] as const;

describe('kill -9 in mid-call', () => {
  let stack: Stack;
  let tenant: TenantFixture;
  let events: EventRecorder;
  let caller: SipPhone;
  let person: SipPhone;

  beforeAll(async () => {
    stack = await openStack();
    const state = await stack.state();
    events = await EventRecorder.open(state, ['calls']);
    tenant = await TenantFixture.create(stack.api, 'kill-');
    await tenant.route('agent', {
      name: 'Agent, then people',
      extension: '100',
      start: 'agent',
      nodes: {
        agent: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
        people: { kind: 'queue', queue: 'people', timeoutMs: 60_000, onTimeout: 'bye' },
        bye: { kind: 'hangup' },
      },
    });
    caller = await openStackPhone(state, await tenant.endpoint('202'));
    person = await openStackPhone(state, await tenant.endpoint('201', ['people']));
  });
  afterAll(async () => {
    await caller?.close();
    await person?.close();
    await tenant?.remove();
    await events?.stop();
  });

  afterEach(async () => {
    for (const call of [...caller.activeCalls, ...person.activeCalls]) await call.hangup();
  });

  async function kill(name: string): Promise<StackState['processes'][number]> {
    const victim = (await stack.state()).processes.find((process) => process.name === name);
    if (!victim) throw new Error(`no process "${name}" runs: ${JSON.stringify((await stack.state()).processes.map((process) => process.name))}`);
    process.kill(victim.pid, 'SIGKILL');
    return victim;
  }

  async function replaced(victim: StackState['processes'][number]): Promise<void> {
    await eventually(
      `${victim.name} is replaced and all is ready`,
      async () => {
        const now = (await stack.state()).processes.find((process) => process.name === victim.name);
        return now !== undefined && now.pid !== victim.pid && (await stack.api.send('GET', '/health/ready')).status === 200;
      },
      45_000,
    );
  }

  async function callIdOf(call: OutgoingCall, sinceMs: number): Promise<string> {
    const started = await events.seen(CallStartedV1, (event) => event.tenantid === tenant.code && Date.parse(event.time) >= sinceMs - 50, 30_000);
    expect(call.callEnd).toBeUndefined();
    return started.data.callId;
  }

  /** Both hear each other's tone: the call is in working order, whoever owned it before. */
  async function speaksWithAPerson(call: OutgoingCall): Promise<void> {
    await call.sendDigits('0');
    const ringing = await person.nextCall({ timeoutMs: 30_000 });
    await ringing.answer();
    const since = performance.now();
    const playing = [call.playTone(CALLER_HZ, 6_000), ringing.playTone(PERSON_HZ, 6_000)];
    await Promise.all([call.heard.waitForTone(PERSON_HZ, { sinceMs: since, timeoutMs: 10_000 }), ringing.heard.waitForTone(CALLER_HZ, { sinceMs: since, timeoutMs: 10_000 })]);
    call.stopPlaying();
    ringing.stopPlaying();
    await Promise.all(playing);
  }

  it.each(PARTS)('%s: the caller stays, the call goes on, and ends exactly once', async (part) => {
    const began = Date.now();
    const call = await caller.call('100');
    await call.answered({ timeoutMs: 15_000 });
    const callId = await callIdOf(call, began);
    await call.heard.waitForVoice({ timeoutMs: 15_000 });

    const victim = await kill(part);
    await replaced(victim);
    expect(call.callEnd, 'the caller was cut off').toBeUndefined();
    await speaksWithAPerson(call);
    await call.hangup();

    await events.seen(CallEndedV1, (event) => event.data.callId === callId, 30_000);
    // A second one would follow the return of whoever had died.
    await sleep(1_000);
    expect(events.of(CallEndedV1, (event) => event.data.callId === callId)).toHaveLength(1);
    const live = await stack.api.expect<{ calls: { callId: string }[] }>('GET', `/api/calls?live&tenant=${tenant.code}`);
    expect(live.calls).toEqual([]);
  }, 150_000);

  it('a call that arrives while the gateway hears nothing meets the fallback, and is taken over on its return', async () => {
    // Nobody to ring: the fallback goes straight on to asking for the gateway again.
    await person.unregister();
    const began = Date.now();
    const frozen = (await stack.state()).processes.find((process) => process.name === 'ari-gateway');
    if (!frozen) throw new Error('no ari-gateway runs');
    process.kill(frozen.pid, 'SIGSTOP');
    // Its heartbeat must be older than the 3 s that the dialplan allows: the socket is still open, as in a silent partition.
    await sleep(4_500);
    const call = await caller.call('100');
    await call.answered({ timeoutMs: 15_000 });
    await call.heard.waitForVoice({ timeoutMs: 10_000 });
    await kill('ari-gateway');
    await replaced(frozen);
    const started = await events.seen(CallStartedV1, (event) => event.tenantid === tenant.code && Date.parse(event.time) >= began, 60_000);
    expect(started.data).toMatchObject({ from: '202', to: '100', viaFallback: true });
    await call.hangup();
    await events.seen(CallEndedV1, (event) => event.data.callId === started.data.callId, 30_000);
    await person.register();
  }, 120_000);
});
