import { randomInt, randomUUID } from 'node:crypto';
import { CallEndedV1, CallStartedV1, CallTransferredV1, RecordingReadyV1, type CallView } from '@troncal/contracts';
import { SipPhone, type IncomingCall } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallLab, lengthMs } from './support/call-lab.js';

let lab: CallLab;
let phone: SipPhone;
let second: SipPhone;
beforeAll(async () => {
  lab = await CallLab.open('http-');
  await lab.agentRoute();
  phone = await lab.phone('202');
  second = await lab.phone('201', ['people']);
});
afterAll(() => lab.close());

const body = (more: object = {}) => ({ tenant: lab.tenant.code, to: '202', agent: 'default', ...more });

/** Places a call to the phone and has it answered. */
async function placed(more: object = {}): Promise<{ callId: string; leg: IncomingCall }> {
  const ringing = phone.nextCall();
  const call = await lab.api.expect<CallView>('POST', '/api/calls', body(more));
  const leg = await ringing;
  await leg.answer();
  await eventually('the call is answered', async () => (await lab.call(call.callId)).state === 'answered');
  return { callId: call.callId, leg };
}

describe('POST /api/calls', () => {
  it('reaches a phone, which then talks with the agent', async () => {
    const { callId, leg } = await placed({ from: '100' });
    await leg.heard.waitForVoice({ timeoutMs: 10_000 });
    expect((await lab.seen(CallStartedV1, (event) => event.data.callId === callId)).data).toMatchObject({ direction: 'internal', to: '202', from: '100' });
    await leg.hangup();
    expect((await lab.seen(CallEndedV1, (event) => event.data.callId === callId)).data).toMatchObject({ endedBy: 'far_end', disposition: 'answered' });
  });

  it('is done once per Idempotency-Key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const ringing = phone.nextCall();
    const first = await lab.api.send<CallView>('POST', '/api/calls', body(), headers);
    const again = await lab.api.send<CallView>('POST', '/api/calls', body(), headers);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.callId).toBe(first.body.callId);
    expect((await lab.api.send('POST', '/api/calls', body({ timeoutMs: 5_000 }), headers)).status).toBe(422);
    (await ringing).reject(486);
    expect((await lab.seen(CallEndedV1, (event) => event.data.callId === first.body.callId)).data).toMatchObject({ disposition: 'busy', cause: 17 });
  });

  it('takes the owner’s short form, with the default agent', async () => {
    const ringing = phone.nextCall();
    const call = await lab.api.expect<CallView>('POST', '/api/calls/originate', { phone_number: '202', caller_id: '100', tenant: lab.tenant.code });
    const leg = await ringing;
    await leg.answer();
    await leg.heard.waitForVoice({ timeoutMs: 10_000 });
    await lab.api.expect('POST', `/api/calls/${call.callId}/hangup`);
    await leg.ended();
    expect((await lab.seen(CallEndedV1, (event) => event.data.callId === call.callId)).data.endedBy).toBe('api');
  });

  it.each([
    ['a refused destination', { to: '+12125552368' }, 403, 'no_trunk'],
    ['an extension that is nobody’s', { to: '299' }, 403, 'no_such_endpoint'],
    ['a number that is none', { to: '+56 000' }, 403, 'invalid_number'],
    ['an unknown tenant', { tenant: 'no-such-tenant' }, 404, 'unknown_tenant'],
    ['an unknown route', { agent: undefined, route: 'no-such-route' }, 404, 'unknown_route'],
    ['neither route nor agent', { agent: undefined }, 422, 'validation_failed'],
    ['both route and agent', { route: 'main' }, 422, 'validation_failed'],
    ['an unknown field', { colour: 'red' }, 422, 'validation_failed'],
    ['a wrong type', { to: 202 }, 422, 'validation_failed'],
    ['a wrong variable', { variables: { 'bad name': 'x' } }, 422, 'validation_failed'],
  ])('answers %s with %j: %i %s, and does nothing', async (_what, more, status, code) => {
    const before = (await lab.api.expect<{ calls: unknown[] }>('GET', `/api/calls?tenant=${lab.tenant.code}&limit=200`)).calls.length;
    const answer = await lab.api.send<{ code: string; detail: string }>('POST', '/api/calls', body(more));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((await lab.api.expect<{ calls: unknown[] }>('GET', `/api/calls?tenant=${lab.tenant.code}&limit=200`)).calls).toHaveLength(before);
  });

  it.each([
    ['malformed JSON', '{"tenant":', {}, 400],
    ['no key', '{}', { authorization: '' }, 401],
    ['a foreign origin', '{}', { origin: 'https://evil.example' }, 403],
  ])('answers %s', async (_what, text, headers, status) => {
    expect((await lab.api.send('POST', '/api/calls', text, headers)).status).toBe(status);
  });
});

describe('a number outside', () => {
  it('is reached through a declared trunk that allows its country, and shown the trunk’s number', async () => {
    const name = `out-${randomInt(1_000_000)}`;
    const carrier = lab.keep(await SipPhone.open({ bindAddress: '127.0.0.1', user: 'carrier' }));
    const trunk = { tenant: lab.tenant.code, host: '127.0.0.1', port: carrier.port, countries: ['CL'], callerId: '+56225550100' };
    await lab.api.expect('PUT', `/api/trunks/${name}`, trunk);
    try {
      expect((await lab.api.send<{ code: string }>('POST', '/api/calls', body({ to: '+12125552368' }))).body.code).toBe('country_not_allowed');
      const ringing = carrier.nextCall();
      const call = await lab.api.expect<CallView>('POST', '/api/calls', body({ to: '+56223456789' }));
      const leg = await ringing;
      expect(leg.remoteUser).toBe('+56225550100');
      await leg.answer();
      await leg.heard.waitForVoice({ timeoutMs: 10_000 });
      expect((await lab.seen(CallStartedV1, (event) => event.data.callId === call.callId)).data).toMatchObject({ direction: 'outbound', from: '+56225550100', to: '+56223456789' });
      await leg.hangup();
    } finally {
      expect((await lab.api.send('DELETE', `/api/trunks/${name}`)).status).toBe(204);
      expect((await lab.api.send('GET', `/api/trunks/${name}`)).status).toBe(404);
    }
  });

  it('is reached by a trunk whose password is never shown', async () => {
    const path = `/api/trunks/pw-${randomInt(1_000_000)}`;
    const declared = await lab.api.expect('PUT', path, { tenant: lab.tenant.code, host: '192.0.2.1', username: 'us', password: 'secret-of-trunk' });
    expect(declared).toMatchObject({ username: 'us', revision: 1 });
    expect(JSON.stringify([declared, await lab.api.expect('GET', path)])).not.toContain('secret-of-trunk');
    await lab.api.expect('DELETE', path);
  });

  it.each([
    [{ host: 'no host' }],
    [{ countries: ['Chile'] }],
    [{ port: 0 }],
    [{ match: ['everywhere'] }],
    [{ colour: 'red' }],
  ])('a trunk with %j is refused', async (more) => {
    expect((await lab.api.send('PUT', '/api/trunks/bad-one', { tenant: lab.tenant.code, host: '192.0.2.1', ...more })).status).toBe(422);
    expect((await lab.api.send('GET', '/api/trunks/bad-one')).status).toBe(404);
  });
});

describe('a live call', () => {
  it('is listed, transferred to a phone, recorded and hung up', async () => {
    const { callId, leg } = await placed();
    const live = await lab.api.expect<{ calls: CallView[] }>('GET', `/api/calls?live&tenant=${lab.tenant.code}`);
    expect(live.calls.map((call) => call.callId)).toContain(callId);

    const started = await lab.api.expect<{ recordingId: string }>('POST', `/api/calls/${callId}/recording`, { announce: true });
    expect((await lab.api.send('POST', `/api/calls/${callId}/recording`)).status).toBe(409);
    const ringing = second.nextCall();
    const moved = await lab.api.expect<CallView>('POST', `/api/calls/${callId}/transfer`, { extension: '201', reason: 'asked for her' });
    expect(moved.state).toBe('answered');
    const secondCall = await ringing;
    await secondCall.answer();
    await lab.hearEachOther(leg, secondCall);
    expect((await lab.seen(CallTransferredV1, (event) => event.data.callId === callId)).data).toMatchObject({ kind: 'endpoint', target: '201', requestedBy: 'api', reason: 'asked for her' });

    await lab.api.expect('DELETE', `/api/calls/${callId}/recording`);
    const ready = await lab.seen(RecordingReadyV1, (event) => event.data.recordingId === started.recordingId);
    expect(lengthMs(await lab.recording(ready.data.recordingId))).toBe(ready.data.durationMs);
    expect((await lab.api.send('DELETE', `/api/calls/${callId}/recording`)).status).toBe(409);

    const ended = await lab.api.expect<CallView>('POST', `/api/calls/${callId}/hangup`, { reason: 'done' });
    expect(ended).toMatchObject({ state: 'ended', disposition: 'answered' });
    await Promise.all([leg.ended(), secondCall.ended()]);
    for (const path of ['hangup', 'recording']) expect((await lab.api.send('POST', `/api/calls/${callId}/${path}`)).status).toBe(409);
  });

  it.each([
    [{}, 422],
    [{ extension: '201', queue: 'people' }, 422],
    [{ extension: '299' }, 422],
    [{ route: 'no-such-route' }, 422],
    [{ extension: 201 }, 422],
  ])('stays where it is on a transfer to %j', async (target, status) => {
    const { callId, leg } = await placed();
    expect((await lab.api.send('POST', `/api/calls/${callId}/transfer`, target)).status).toBe(status);
    expect((await lab.call(callId)).state).toBe('answered');
    await leg.hangup();
  });

  it('is unknown to who has no right to it, as one that never was', async () => {
    expect((await lab.api.send('GET', `/api/calls/${randomUUID()}`)).status).toBe(404);
    expect((await lab.api.send('POST', `/api/calls/${randomUUID()}/hangup`)).status).toBe(404);
    expect((await lab.api.send('GET', '/api/calls/not-a-uuid')).status).toBe(422);
    expect((await lab.api.send('GET', '/api/calls?limit=0')).status).toBe(422);
    expect((await lab.api.send('GET', '/api/calls?after=nonsense')).status).toBe(400);
    expect((await lab.api.send('GET', '/api/recordings/../../etc/passwd')).status).toBeGreaterThanOrEqual(400);
  });
});

describe('GET /api/edges', () => {
  it('shows the edge connected', async () => {
    const { edges } = await lab.api.expect<{ edges: { state: string; version: string }[] }>('GET', '/api/edges');
    expect(edges).toEqual([expect.objectContaining({ state: 'connected', version: expect.stringMatching(/^22\./) })]);
  });
});
