import { setTimeout as sleep } from 'node:timers/promises';
import { CallEndedV1, CallStartedV1, SERVICE_NAMES } from '@troncal/contracts';
import type { IncomingCall, OutgoingCall, SipPhone } from '@troncal/sip-phone';
import { EventRecorder, eventually, openStack, openStackPhone, TenantFixture, type Stack } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compose, inspect, killOutright } from './compose-containers.js';

const CALLER_HZ = 700;
const PERSON_HZ = 1_300;
const OURS = [...SERVICE_NAMES, 'front-door', 'edge'];

describe('docker compose up', () => {
  let stack: Stack;
  let tenant: TenantFixture;
  let events: EventRecorder;
  let caller: SipPhone;
  let person: SipPhone;

  beforeAll(async () => {
    stack = await openStack();
    const state = await stack.state();
    events = await EventRecorder.open(state, ['calls']);
    tenant = await TenantFixture.create(stack.api, 'compose-');
    await tenant.route('agent', {
      name: 'Agent, then people',
      extension: '100',
      recording: { enabled: true },
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
    await events?.stop();
  });
  afterEach(async () => {
    for (const call of [...caller.activeCalls, ...person.activeCalls]) await call.hangup();
  });

  async function talkingToTheAgent(): Promise<{ call: OutgoingCall; callId: string }> {
    const began = Date.now();
    const call = await caller.call('100');
    await call.answered({ timeoutMs: 20_000 });
    const started = await events.seen(CallStartedV1, (event) => event.tenantid === tenant.code && Date.parse(event.time) >= began - 50, 30_000);
    await call.heard.waitForVoice({ timeoutMs: 20_000 });
    return { call, callId: started.data.callId };
  }

  async function zeroBringsAPerson(call: OutgoingCall): Promise<IncomingCall> {
    await call.sendDigits('0');
    const ringing = await person.nextCall({ timeoutMs: 30_000 });
    await ringing.answer();
    return ringing;
  }

  /** Audio through the published ports, both ways. */
  async function hearEachOther(one: OutgoingCall, other: IncomingCall): Promise<void> {
    const since = performance.now();
    const playing = [one.playTone(CALLER_HZ, 6_000), other.playTone(PERSON_HZ, 6_000)];
    await Promise.all([one.heard.waitForTone(PERSON_HZ, { sinceMs: since, timeoutMs: 10_000 }), other.heard.waitForTone(CALLER_HZ, { sinceMs: since, timeoutMs: 10_000 })]);
    one.stopPlaying();
    other.stopPlaying();
    await Promise.all(playing);
  }

  const endings = (callId: string): number => events.of(CallEndedV1, (event) => event.data.callId === callId).length;

  it.each(OURS)('%s runs as an ordinary user on a read-only root, without capabilities, healthy', async (service) => {
    await eventually(`${service} is healthy`, async () => (await inspect(service)).health === 'healthy', 60_000);
    const { user, readOnly, capDrop, env } = await inspect(service);
    expect({ user, readOnly, capDrop }).toEqual({ user: '10001:10001', readOnly: true, capDrop: ['ALL'] });
    // Passwords come as files; what is in the environment is in every `docker inspect`.
    expect(env.filter((line) => /(PASSWORD|_KEY|DATABASE_URL|SECRET)=/.test(line))).toEqual([]);
  });

  it('kill -9 of ari-gateway and realtime-voice in mid-call: the call goes on, 0 still brings a person, and it ends once', async () => {
    const { call, callId } = await talkingToTheAgent();
    const victims = await Promise.all(['ari-gateway', 'realtime-voice'].map(killOutright));
    for (const [index, service] of ['ari-gateway', 'realtime-voice'].entries()) {
      await eventually(`${service} is started again`, async () => (await inspect(service)).startedAt !== victims[index]?.startedAt && (await inspect(service)).running, 30_000);
    }
    await eventually('all is ready again', async () => (await stack.api.send('GET', '/health/ready')).status === 200, 90_000);
    expect(call.callEnd, 'the caller was cut off').toBeUndefined();
    const since = performance.now();
    await call.heard.waitForVoice({ sinceMs: since, timeoutMs: 30_000 });
    const answered = await zeroBringsAPerson(call);
    await hearEachOther(call, answered);
    await call.hangup();
    await events.seen(CallEndedV1, (event) => event.data.callId === callId, 30_000);
    // A second one would follow from whoever had died.
    await sleep(1_000);
    expect(endings(callId)).toBe(1);
  }, 240_000);

  it('docker compose stop edge: a live call goes on, new ones are refused, and the edge ends with the last call', async () => {
    const { call, callId } = await talkingToTheAgent();
    const answered = await zeroBringsAPerson(call);
    const stopping = compose('stop', 'edge');
    const second = await eventually(
      'a new call is refused',
      async () => {
        const attempt = await caller.call('*43');
        const refused = await attempt.answered({ timeoutMs: 5_000 }).then(() => null, () => attempt.callEnd);
        if (refused === null) await attempt.hangup();
        return refused ?? undefined;
      },
      20_000,
    );
    expect(second).toMatchObject({ by: 'failed', sipStatus: 503 });
    await hearEachOther(call, answered);
    expect(call.callEnd, 'the live call was cut off by the drain').toBeUndefined();
    expect((await inspect('edge')).running).toBe(true);

    await call.hangup();
    await stopping;
    const { running, exitCode } = await inspect('edge');
    expect({ running, exitCode }).toEqual({ running: false, exitCode: 0 });
    await events.seen(CallEndedV1, (event) => event.data.callId === callId, 30_000);
    expect(endings(callId)).toBe(1);
  }, 180_000);

  it.each([...SERVICE_NAMES, 'front-door', 'simulator'])('docker compose stop %s reaches its first process, which ends with 0 within its grace', async (service) => {
    const began = performance.now();
    await compose('stop', service);
    const { running, exitCode } = await inspect(service);
    // 137 is the engine's kill -9 after the grace period.
    expect({ running, exitCode, tookMs: performance.now() - began }).toMatchObject({ running: false, exitCode: 0 });
  });
});
