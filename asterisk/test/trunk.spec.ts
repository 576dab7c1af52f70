import { randomInt } from 'node:crypto';
import { CallAnsweredV1, CallEndedV1, CallRefusedV1, CallStartedV1, type CallView, type Problem, type StackState } from '@troncal/contracts';
import { SipPhone, type SipCall } from '@troncal/sip-phone';
import { EventRecorder, eventually, openStack, openStackPhone, TenantFixture, type Stack } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const OUTSIDE_HZ = 700;
const INSIDE_HZ = 1_300;
/** A person somewhere in Chile. */
const OUTSIDER = '+56987654321';

/** All of this range are numbers of Chile’s plan; elsewhere the dial guard would refuse one in seventy. */
const mobile = (): string => `+56965${randomInt(100_000, 1_000_000)}`;
/** An address of this machine that no phone and no other suite has: a trunk is known by it. */
const loopback = (): string => `127.${randomInt(40, 250)}.${randomInt(0, 250)}.${randomInt(2, 250)}`;

describe('a carrier, known by its address', () => {
  const did = mobile();
  const trunk = `carrier-${randomInt(1_000_000)}`;
  const carrierHost = loopback();
  let stack: Stack;
  let state: StackState & { readonly sip: NonNullable<StackState['sip']> };
  let tenant: TenantFixture;
  let events: EventRecorder;
  let carrier: SipPhone;
  let person: SipPhone;

  /** Somebody at an address of their own who never registers; `user` is the number that calls show. */
  const at = (bindAddress: string, user: string): Promise<SipPhone> => SipPhone.open({ bindAddress, user, registrar: state.sip });

  const declaration = (match = [carrierHost]) => ({ tenant: tenant.code, host: carrierHost, port: carrier.port, match, countries: ['CL', 'ES'], callerId: did });

  beforeAll(async () => {
    stack = await openStack();
    const { sip, ...rest } = await stack.state();
    if (!sip) throw new Error('This suite needs Asterisk: start the stack with it.');
    state = { ...rest, sip };
    events = await EventRecorder.open(state, ['calls']);
    tenant = await TenantFixture.create(stack.api, 'trunk-');
    await tenant.route('desk', {
      name: 'Desk', start: 'desk',
      nodes: { desk: { kind: 'ring', extensions: ['201'], timeoutMs: 20_000, onNoAnswer: 'bye' }, bye: { kind: 'hangup' } },
    });
    await tenant.number(did, 'desk');
    carrier = await at(carrierHost, OUTSIDER);
    await stack.api.expect('PUT', `/api/trunks/${trunk}`, declaration());
    person = await openStackPhone(state, await tenant.endpoint('201'));
  });
  afterAll(async () => {
    await carrier?.close();
    await person?.close();
    if ((await stack.api.send('GET', `/api/trunks/${trunk}`)).status === 200) await stack.api.expect('DELETE', `/api/trunks/${trunk}`);
    await tenant?.remove();
    await events?.stop();
  });
  afterEach(async () => {
    for (const call of [...carrier.activeCalls, ...person.activeCalls]) await call.hangup();
  });

  async function hearEachOther(outside: SipCall, inside: SipCall): Promise<void> {
    const playing = [outside.playTone(OUTSIDE_HZ, 10_000), inside.playTone(INSIDE_HZ, 10_000)];
    await Promise.all([inside.heard.waitForTone(OUTSIDE_HZ, { timeoutMs: 10_000, forMs: 200 }), outside.heard.waitForTone(INSIDE_HZ, { timeoutMs: 10_000, forMs: 200 })]);
    for (const call of [outside, inside]) call.stopPlaying();
    await Promise.all(playing);
  }

  const refusalOf = (to: string): Promise<{ readonly tenantid: string; readonly data: unknown }> => events.seen(CallRefusedV1, (event) => event.data.to === to);

  describe('rings in', () => {
    it('at the route of the number dialled, with the caller’s number shown', async () => {
      const outside = await carrier.call(did);
      const inside = await person.nextCall({ timeoutMs: 15_000 });
      expect(inside.remoteUser).toBe(OUTSIDER);
      await inside.answer();
      await outside.answered();
      await hearEachOther(outside, inside);
      const started = await events.seen(CallStartedV1, (event) => event.tenantid === tenant.code && event.data.direction === 'inbound');
      expect(started.data).toMatchObject({ from: OUTSIDER, to: did, route: { code: 'desk' } });
      await outside.hangup();
      await inside.ended();
      expect((await events.seen(CallEndedV1, (event) => event.data.callId === started.data.callId)).data).toMatchObject({ direction: 'inbound', disposition: 'answered', endedBy: 'caller' });
    });

    it('and is refused with 404 for a number that nobody has, and the reason is told', async () => {
      const unknown = mobile();
      const end = await (await carrier.call(unknown)).ended();
      expect(end).toMatchObject({ by: 'failed', sipStatus: 404, cause: 1 });
      expect(await refusalOf(unknown)).toMatchObject({ tenantid: '_', data: { from: OUTSIDER, to: unknown, direction: 'inbound', reason: 'unknown_number', cause: 1, detail: expect.stringContaining('PUT /api/tenants') as string } });
    });

    it('but reaches no phone and no star code by its extension', async () => {
      for (const inner of ['201', '*43']) expect(await (await carrier.call(inner)).ended()).toMatchObject({ by: 'failed', sipStatus: 404 });
      expect(person.activeCalls).toEqual([]);
    });

    it('while a stranger at another address is only ever challenged, though it shows the same number', async () => {
      const stranger = await at(loopback(), OUTSIDER);
      try {
        expect(await (await stranger.call(did)).ended()).toMatchObject({ by: 'failed', sipStatus: 401 });
        expect(person.activeCalls).toEqual([]);
      } finally {
        await stranger.close();
      }
    });
  });

  describe('is called through', () => {
    const place = (body: Record<string, unknown>, headers: Record<string, string> = {}) =>
      stack.api.send<CallView & Problem>('POST', '/api/calls', { tenant: tenant.code, route: 'desk', ...body }, headers);

    it('with the tenant’s number shown, and the route’s person is heard and hears', async () => {
      const answer = await place({ to: '+56 9 7654 3210', from: '201' });
      expect(answer).toMatchObject({ status: 201, body: { direction: 'outbound', from: did } });
      const outside = await carrier.nextCall({ timeoutMs: 15_000 });
      expect(outside.inviteHeader('To')).toContain('sip:+56976543210@');
      expect(outside.remoteUser).toBe(did);
      await outside.answer();
      const inside = await person.nextCall({ timeoutMs: 15_000 });
      await inside.answer();
      await hearEachOther(outside, inside);
      const { callId } = answer.body;
      expect((await events.seen(CallAnsweredV1, (event) => event.data.callId === callId)).data.by).toBe('far_end');
      await outside.hangup();
      await inside.ended();
      expect((await events.seen(CallEndedV1, (event) => event.data.callId === callId)).data).toMatchObject({ direction: 'outbound', disposition: 'answered' });
    });

    it('by a phone of the tenant, which dials as people do', async () => {
      const inside = await person.call('987651234');
      const outside = await carrier.nextCall({ timeoutMs: 15_000 });
      expect(outside.inviteHeader('To')).toContain('sip:+56987651234@');
      expect(outside.remoteUser).toBe(did);
      await outside.answer();
      await inside.answered();
      await hearEachOther(outside, inside);
      await inside.hangup();
      expect((await outside.ended()).by).toBe('remote');
    });

    it.each<[what: string, to: string, code: string, reason: string, from?: string]>([
      ['a country that the trunk does not allow', '+33142685300', 'country_not_allowed', 'not_allowed'],
      ['a premium number in a country that it does allow', '+34803123456', 'premium_denied', 'not_allowed'],
      ['a number that its country does not have', '+5612', 'invalid_number', 'invalid_number'],
      ['an address', 'sip:mallory@example.org', 'invalid_number', 'invalid_number'],
      ['a dialplan expression', '${SHELL(id)}', 'invalid_number', 'invalid_number'],
      ['anybody under somebody else’s number', '+56976543211', 'caller_id_not_owned', 'not_allowed', mobile()],
    ])('but not to %s', async (_what, to, code, reason, from) => {
      const answer = await place({ to, ...(from === undefined ? {} : { from }) });
      expect(answer).toMatchObject({ status: 403, body: { code, detail: expect.stringMatching(/\S/) as string } });
      expect(await refusalOf(to)).toMatchObject({ tenantid: tenant.code, data: { direction: 'outbound', reason } });
      expect(carrier.activeCalls).toEqual([]);
    });

    it('once, however often the same request comes', async () => {
      const to = mobile();
      const key = { 'idempotency-key': `once-${to}` };
      const first = await place({ to }, key);
      expect(first.status).toBe(201);
      const again = { status: 201, body: { callId: first.body.callId } };
      expect(await place({ to }, key)).toMatchObject(again);
      await carrier.nextCall({ timeoutMs: 15_000 });
      expect(await place({ to }, key)).toMatchObject(again);
      expect(carrier.activeCalls).toHaveLength(1);
      await stack.api.expect('POST', `/api/calls/${first.body.callId}/hangup`);
      await events.seen(CallEndedV1, (event) => event.data.callId === first.body.callId);
      expect(events.of(CallStartedV1, (event) => event.data.to === to)).toHaveLength(1);
    });
  });

  describe('has addresses', () => {
    it.each(['0.0.0.0/0', '::/0', '999.1.1.1', '192.0.2.1/99', 'example.org'])('but %s is none', async (address) => {
      expect(await stack.api.send('PUT', `/api/trunks/${trunk}`, declaration([carrierHost, address]))).toMatchObject({ status: 422, body: { errors: [{ path: '/match/1' }] } });
    });

    it('that no other tenant can have, in part or in whole', async () => {
      const rival = await TenantFixture.create(stack.api, 'rival-');
      try {
        const block = `${carrierHost.split('.').slice(0, 2).join('.')}.0.0/16`;
        await eventually('the edge knows the tenant', async () => (await stack.api.send('PUT', `/api/trunks/${trunk}-rival`, { ...declaration([]), tenant: rival.code })).status === 200);
        for (const match of [[carrierHost], [block]]) {
          expect(await stack.api.send('PUT', `/api/trunks/${trunk}-rival`, { ...declaration(match), tenant: rival.code })).toMatchObject({ status: 409, body: { code: 'address_taken' } });
        }
      } finally {
        await stack.api.expect('DELETE', `/api/trunks/${trunk}-rival`);
        await rival.remove();
      }
    });

    it('that are free again once their tenant is gone', async () => {
      const former = await TenantFixture.create(stack.api, 'former-');
      const address = loopback();
      const stray = await at(address, OUTSIDER);
      try {
        await eventually('the trunk is declared', async () => (await stack.api.send('PUT', `/api/trunks/${trunk}-former`, { ...declaration([address]), tenant: former.code })).status === 200);
        expect(await (await stray.call(mobile())).ended()).toMatchObject({ sipStatus: 404 });
        await former.remove();
        await eventually('its trunk is gone', async () => (await stack.api.send('GET', `/api/trunks/${trunk}-former`)).status === 404);
        expect(await eventually('its calls are challenged', async () => {
          const { sipStatus } = await (await stray.call(mobile())).ended();
          return sipStatus === 401 && sipStatus;
        }, 5_000)).toBe(401);
      } finally {
        await stray.close();
      }
    });

    it('behind which phones stay phones', async () => {
      await stack.api.expect('PUT', `/api/trunks/${trunk}`, declaration([carrierHost, '127.0.0.0/16']));
      try {
        expect((await person.register()).expiresS).toBeGreaterThan(0);
        const echo = await person.call('*43');
        await echo.answered();
      } finally {
        await stack.api.expect('PUT', `/api/trunks/${trunk}`, declaration());
      }
    });
  });

  it('is a stranger like any other once it is removed', async () => {
    await stack.api.expect('DELETE', `/api/trunks/${trunk}`);
    await eventually('its calls are challenged', async () => (await (await carrier.call(did)).ended()).sipStatus === 401, 5_000);
    expect(await stack.api.send('POST', '/api/calls', { tenant: tenant.code, route: 'desk', to: OUTSIDER })).toMatchObject({ status: 403, body: { code: 'no_trunk' } });
  });
});
