import { AgentConnectedV1, CallEndedV1, CallStartedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallLab } from './support/call-lab.js';

let lab: CallLab;
let caller: SipPhone;
let person: SipPhone;
beforeAll(async () => {
  lab = await CallLab.open('dies-');
  await lab.agentRoute();
  person = await lab.phone('201', ['people']);
  caller = await lab.phone('202');
});
afterAll(() => lab.close());

async function pidOf(name: string): Promise<number> {
  const process_ = (await lab.readState()).processes.find((each) => each.name === name);
  if (!process_) throw new Error(`the stack has no process ${name}`);
  return process_.pid;
}

const ready = () => eventually('the stack is ready', async () => (await fetch(new URL('/health/ready', lab.api.url))).status === 200, 40_000);

describe('a call outlives what dies around it', () => {
  it('a person who answers a waiting caller while the gateway is away is known when it is back, and nobody is torn apart', async () => {
    const known = lab.of(CallStartedV1).length;
    const ringing = person.nextCall({ timeoutMs: 20_000 });
    const call = await caller.call('100');
    await call.answered();
    const { callId } = await eventually('the call is told of', () => lab.of(CallStartedV1)[known]?.data);
    await call.sendDigits('0');
    const personCall = await ringing;
    process.kill(await pidOf('ari-gateway'), 'SIGKILL');
    await personCall.answer();
    const connected = await lab.seen(AgentConnectedV1, (event) => event.data.callId === callId, 40_000);
    expect(connected.data).toMatchObject({ extension: '201', queue: 'people' });
    await ready();
    await lab.hearEachOther(call, personCall);
    await personCall.hangup();
    await call.ended();
    expect((await lab.seen(CallEndedV1, (event) => event.data.callId === callId)).data).toMatchObject({ endedBy: 'far_end' });
  }, 90_000);

  it('a caller who hangs up while the gateway is away is found to have gone', async () => {
    const known = lab.of(CallStartedV1).length;
    const call = await caller.call('100');
    await call.answered();
    const { callId } = await eventually('the call is told of', () => lab.of(CallStartedV1)[known]?.data);
    const pid = await pidOf('ari-gateway');
    process.kill(pid, 'SIGKILL');
    await call.hangup();
    await ready();
    const ended = await lab.seen(CallEndedV1, (event) => event.data.callId === callId, 30_000);
    expect(ended.data).toMatchObject({ recovered: true, disposition: 'answered' });
  }, 90_000);

  it('without Asterisk a call can\'t be placed, and says so; the calls that died with it have ended once', async () => {
    const known = lab.of(CallStartedV1).length;
    const call = await caller.call('100');
    await call.answered();
    const { callId } = await eventually('the call is told of', () => lab.of(CallStartedV1)[known]?.data);
    const pid = await pidOf('asterisk');
    process.kill(pid, 'SIGKILL');
    const answer = await eventually('the edge is missed', async () => {
      const placed = await lab.api.send<{ code: string; detail: string }>('POST', '/api/calls', { tenant: lab.tenant.code, to: '202', agent: 'default' });
      return placed.status === 503 ? placed : undefined;
    });
    expect(answer.body).toMatchObject({ code: 'edge_unreachable', detail: expect.stringContaining('GET /api/edges') });
    await eventually('Asterisk is replaced', async () => (await pidOf('asterisk')) !== pid, 40_000);
    await ready();
    expect((await lab.seen(CallEndedV1, (event) => event.data.callId === callId, 40_000)).data).toMatchObject({ recovered: true });
    await call.hangup();
  }, 120_000);
});
