import { randomInt } from 'node:crypto';
import { CallRefusedV1, CallStartedV1, EndpointRegisteredV1 } from '@troncal/contracts';
import { SipPhone, SipRejectedError } from '@troncal/sip-phone';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CallLab } from './support/call-lab.js';

let lab: CallLab;
beforeAll(async () => {
  lab = await CallLab.open('door-');
});
afterAll(() => lab.close());

const registrar = () => ({ host: lab.state.sip?.host ?? '', port: lab.state.sip?.port ?? 0 });

describe('registration', () => {
  it('of an endpoint added by the API works within 5 s, with no reload', async () => {
    const account = await lab.tenant.endpoint('210');
    const phone = lab.keep(await SipPhone.open({ bindAddress: '127.0.0.1', user: account.sipUser, password: account.password, registrar: registrar() }));
    await eventually('the new phone registers', async () => (await phone.register()).expiresS > 0, 5_000);
    expect((await lab.seen(EndpointRegisteredV1)).data).toMatchObject({ sipUser: account.sipUser, extension: '210', contacts: 1 });
  });

  it('with a wrong password is refused', async () => {
    const account = await lab.tenant.endpoint('211');
    const phone = lab.keep(await SipPhone.open({ bindAddress: '127.0.0.1', user: account.sipUser, password: 'wrong', registrar: registrar() }));
    await expect(phone.register()).rejects.toThrow(SipRejectedError);
  });
});

describe('a call that is refused', () => {
  it('from a phone to an extension that is nobody’s answers 404, with the reason on the bus', async () => {
    const phone = await lab.phone('212');
    const call = await phone.call('299');
    expect(await call.ended()).toMatchObject({ sipStatus: 404 });
    const refused = await lab.seen(CallRefusedV1);
    expect(refused.data).toMatchObject({ from: '212', to: '299', reason: 'no_such_endpoint', cause: 1 });
    expect((await lab.api.send('GET', `/api/calls/${refused.data.callId}`)).status).toBe(404);
  });

  it('from a trunk to a number that nobody has answers 404; a number of the tenant is served', async () => {
    const trunk = `t-${randomInt(1_000_000)}`;
    const number = `+562255${String(randomInt(100_000)).padStart(5, '0')}`;
    await lab.agentRoute();
    await lab.tenant.number(number, 'main');
    const address = `127.0.0.${randomInt(2, 250)}`;
    await lab.api.expect('PUT', `/api/trunks/${trunk}`, { tenant: lab.tenant.code, host: address, match: [address] });
    try {
      const carrier = lab.keep(await SipPhone.open({ bindAddress: address, user: '+56987654321', registrar: registrar() }));
      const unknown = await eventually('the trunk is known to the edge', async () => {
        const call = await carrier.call('+56229999999');
        const end = await call.ended();
        return end.sipStatus === 404 ? end : undefined;
      });
      expect(unknown.sipStatus).toBe(404);
      const refused = await lab.events.seen(CallRefusedV1, (event) => event.tenantid === '_' && event.data.to === '+56229999999');
      expect(refused.data).toMatchObject({ direction: 'inbound', reason: 'unknown_number', cause: 1 });

      const call = await carrier.call(number);
      await call.answered();
      await call.heard.waitForVoice({ timeoutMs: 10_000 });
      expect((await lab.seen(CallStartedV1)).data).toMatchObject({ direction: 'inbound', from: '+56987654321', to: number });
      await call.hangup();
    } finally {
      await lab.api.send('DELETE', `/api/trunks/${trunk}`);
    }
  });

  it('because its tenant is suspended answers 403', async () => {
    const phone = await lab.phone('213');
    // The phone's credential stops with the tenant; a call needs one made before.
    const suspended = await lab.api.expect<{ suspended: unknown }>('PATCH', `/api/tenants/${lab.tenant.code}`, { suspended: { reason: 'unpaid' } });
    expect(suspended.suspended).toEqual({ reason: 'unpaid' });
    try {
      const answer = await eventually('the suspension has arrived', async () => {
        const placed = await lab.api.send<{ code: string }>('POST', '/api/calls', { tenant: lab.tenant.code, to: '213', agent: 'default' });
        return placed.status === 403 ? placed : undefined;
      });
      expect(answer.body.code).toBe('tenant_suspended');
      const end = await (await phone.call('212')).ended();
      expect([401, 403]).toContain(end.sipStatus);
    } finally {
      await lab.api.expect('PATCH', `/api/tenants/${lab.tenant.code}`, { suspended: null });
    }
  });
});
