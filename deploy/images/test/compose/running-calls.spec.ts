import { setTimeout as sleep } from 'node:timers/promises';
import { CallEndedV1, CallStartedV1, SERVICE_NAMES } from '@troncal/contracts';
import type { OutgoingCall } from '@troncal/sip-phone';
import { AgentAndPerson, eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compose, inspect, killOutright } from './compose-containers.js';

const OURS = [...SERVICE_NAMES, 'front-door', 'edge'];

describe('docker compose up', () => {
  let line: AgentAndPerson;

  beforeAll(async () => {
    line = await AgentAndPerson.open({ prefix: 'compose-', recorded: true });
  });
  afterAll(() => line?.close());
  afterEach(() => line.hangUp());

  async function talkingToTheAgent(): Promise<{ call: OutgoingCall; callId: string }> {
    const began = Date.now();
    const call = await line.caller.call('100');
    await call.answered({ timeoutMs: 20_000 });
    const started = await line.events.seen(CallStartedV1, (event) => event.tenantid === line.tenant.code && Date.parse(event.time) >= began - 50, 30_000);
    await call.heard.waitForVoice({ timeoutMs: 20_000 });
    return { call, callId: started.data.callId };
  }

  const endings = (callId: string): number => line.events.of(CallEndedV1, (event) => event.data.callId === callId).length;

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
    await eventually('all is ready again', async () => (await line.stack.api.send('GET', '/health/ready')).status === 200, 90_000);
    expect(call.callEnd, 'the caller was cut off').toBeUndefined();
    const since = performance.now();
    await call.heard.waitForVoice({ sinceMs: since, timeoutMs: 30_000 });
    const answered = await line.zeroBringsThePerson(call);
    await line.hearEachOther(call, answered);
    await call.hangup();
    await line.events.seen(CallEndedV1, (event) => event.data.callId === callId, 30_000);
    // A second one would follow from whoever had died.
    await sleep(1_000);
    expect(endings(callId)).toBe(1);
  }, 240_000);

  it('docker compose stop edge: a live call goes on, new ones are refused, and the edge ends with the last call', async () => {
    const { call, callId } = await talkingToTheAgent();
    const answered = await line.zeroBringsThePerson(call);
    const stopping = compose('stop', 'edge');
    const second = await eventually(
      'a new call is refused',
      async () => {
        const attempt = await line.caller.call('*43');
        const refused = await attempt.answered({ timeoutMs: 5_000 }).then(() => null, () => attempt.callEnd);
        if (refused === null) await attempt.hangup();
        return refused ?? undefined;
      },
      20_000,
    );
    expect(second).toMatchObject({ by: 'failed', sipStatus: 503 });
    await line.hearEachOther(call, answered);
    expect(call.callEnd, 'the live call was cut off by the drain').toBeUndefined();
    expect((await inspect('edge')).running).toBe(true);

    await call.hangup();
    await stopping;
    const { running, exitCode } = await inspect('edge');
    expect({ running, exitCode }).toEqual({ running: false, exitCode: 0 });
    await line.events.seen(CallEndedV1, (event) => event.data.callId === callId, 30_000);
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
