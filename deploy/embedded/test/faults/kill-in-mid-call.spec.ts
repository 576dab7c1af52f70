import { setTimeout as sleep } from 'node:timers/promises';
import { CallEndedV1, CallStartedV1, ConversationStartedV1, type StackState } from '@troncal/contracts';
import type { OutgoingCall } from '@troncal/sip-phone';
import { AgentAndPerson, eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/** Every part that may die while people talk; the launcher replaces it. */
const PARTS = ['ari-gateway', 'realtime-voice', 'nats', 'postgres', 'light'] as const;

describe('kill -9 in mid-call', () => {
  let line: AgentAndPerson;

  beforeAll(async () => {
    line = await AgentAndPerson.open({ prefix: 'kill-' });
  });
  afterAll(async () => {
    await line?.close();
    await line?.tenant.remove();
  });
  afterEach(() => line.hangUp());

  async function kill(name: string): Promise<StackState['processes'][number]> {
    const victim = (await line.stack.state()).processes.find((process) => process.name === name);
    if (!victim) throw new Error(`no process "${name}" runs: ${JSON.stringify((await line.stack.state()).processes.map((process) => process.name))}`);
    process.kill(victim.pid, 'SIGKILL');
    return victim;
  }

  async function replaced(victim: StackState['processes'][number]): Promise<void> {
    await eventually(
      `${victim.name} is replaced and all is ready`,
      async () => {
        const now = (await line.stack.state()).processes.find((process) => process.name === victim.name);
        return now !== undefined && now.pid !== victim.pid && (await line.stack.api.send('GET', '/health/ready')).status === 200;
      },
      45_000,
    );
  }

  async function callIdOf(call: OutgoingCall, sinceMs: number): Promise<string> {
    const started = await line.events.seen(CallStartedV1, (event) => event.tenantid === line.tenant.code && Date.parse(event.time) >= sinceMs - 50, 30_000);
    expect(call.callEnd).toBeUndefined();
    return started.data.callId;
  }

  it.each(PARTS)('%s: the caller stays, the call goes on, and ends exactly once', async (part) => {
    const began = Date.now();
    const call = await line.caller.call('100');
    await call.answered({ timeoutMs: 15_000 });
    const callId = await callIdOf(call, began);
    await call.heard.waitForVoice({ timeoutMs: 15_000 });
    await line.events.seen(ConversationStartedV1, (event) => event.data.callId === callId);

    const victim = await kill(part);
    await replaced(victim);
    expect(call.callEnd, 'the caller was cut off').toBeUndefined();
    if (part === 'realtime-voice') await line.events.seen(ConversationStartedV1, (event) => event.data.callId === callId && event.data.resumed, 30_000);
    await line.hearEachOther(call, await line.zeroBringsThePerson(call));
    await call.hangup();

    await line.events.seen(CallEndedV1, (event) => event.data.callId === callId, 30_000);
    // A second one would follow the return of whoever had died.
    await sleep(1_000);
    expect(line.events.of(CallEndedV1, (event) => event.data.callId === callId)).toHaveLength(1);
    await eventually('the timeline has the end, once', async () => {
      const { timeline } = await line.stack.api.expect<{ timeline: { type: string }[] }>('GET', `/api/calls/${callId}`);
      return timeline.filter(({ type }) => type === CallEndedV1.type).length === 1;
    });
    const live = await line.stack.api.expect<{ calls: { callId: string }[] }>('GET', `/api/calls?live&tenant=${line.tenant.code}`);
    expect(live.calls).toEqual([]);
  }, 150_000);

  it('a call that arrives while the gateway hears nothing meets the fallback, and is taken over on its return', async () => {
    // Nobody to ring: the fallback goes straight on to asking for the gateway again.
    await line.person.unregister();
    const began = Date.now();
    const frozen = (await line.stack.state()).processes.find((process) => process.name === 'ari-gateway');
    if (!frozen) throw new Error('no ari-gateway runs');
    process.kill(frozen.pid, 'SIGSTOP');
    // Its heartbeat must be older than the 3 s that the dialplan allows: the socket is still open, as in a silent partition.
    await sleep(4_500);
    const call = await line.caller.call('100');
    await call.answered({ timeoutMs: 15_000 });
    await call.heard.waitForVoice({ timeoutMs: 10_000 });
    await kill('ari-gateway');
    await replaced(frozen);
    const started = await line.events.seen(CallStartedV1, (event) => event.tenantid === line.tenant.code && Date.parse(event.time) >= began, 60_000);
    expect(started.data).toMatchObject({ from: '202', to: '100', viaFallback: true });
    await call.hangup();
    await line.events.seen(CallEndedV1, (event) => event.data.callId === started.data.callId, 30_000);
    await line.person.register();
  }, 120_000);
});
