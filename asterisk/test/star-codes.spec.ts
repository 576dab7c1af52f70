import { CallEndedV1, CallRingingV1, CallStartedV1, type EndpointView, type StackState } from '@troncal/contracts';
import { SipPhone, SipRejectedError } from '@troncal/sip-phone';
import { EventRecorder, eventually, openStack, openStackPhone, TenantFixture, type SipAccount, type Stack } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const CALLER_HZ = 700;
const CALLEE_HZ = 1_300;

describe('a phone of a tenant', () => {
  let stack: Stack;
  let sip: NonNullable<StackState['sip']>;
  let state: StackState;
  let tenant: TenantFixture;
  let events: EventRecorder;
  let phone: SipPhone;
  let other: SipPhone;

  beforeAll(async () => {
    stack = await openStack();
    state = await stack.state();
    if (!state.sip) throw new Error('This suite needs Asterisk: start the stack with it.');
    ({ sip } = state);
    events = await EventRecorder.open(state, ['calls']);
    tenant = await TenantFixture.create(stack.api, 'codes-');
    phone = await openStackPhone(state, await tenant.endpoint('202'));
    other = await openStackPhone(state, await tenant.endpoint('201'));
  });
  afterAll(async () => {
    await phone?.close();
    await other?.close();
    await tenant?.remove();
    await events?.stop();
  });
  afterEach(async () => {
    for (const call of [...phone.activeCalls, ...other.activeCalls]) await call.hangup();
  });

  describe('dials', () => {
    it('*43 and hears itself', async () => {
      const call = await phone.call('*43');
      await call.answered();
      const playing = call.playTone(CALLER_HZ, 10_000);
      const echoed = await call.heard.waitForTone(CALLER_HZ, { timeoutMs: 8_000, forMs: 200 });
      call.stopPlaying();
      await playing;
      const fellSilent = await call.heard.waitForSilence({ timeoutMs: 8_000 });
      expect(fellSilent.atMs).toBeGreaterThan(echoed.atMs);
    });

    it('*99 and is told how things stand, then the line is closed', async () => {
      const call = await phone.call('*99');
      await call.answered();
      const sinceMs = performance.now();
      await call.heard.waitForVoice({ timeoutMs: 8_000, sinceMs, forMs: 60 });
      expect(await call.ended({ timeoutMs: 30_000 })).toMatchObject({ by: 'remote' });
      // Two sentences: the edge’s own, and the gateway’s.
      expect(performance.now() - sinceMs).toBeGreaterThan(1_500);
    });

    it('another extension, which rings, shows who calls, answers, and both hear each other', async () => {
      const call = await phone.call('201');
      const ringing = await other.nextCall({ timeoutMs: 15_000 });
      await call.ringing();
      expect(call.isAnswered).toBe(false);
      expect(ringing.remoteUser).toBe('202');
      await ringing.answer();
      await call.answered();
      const playing = [call.playTone(CALLER_HZ, 10_000), ringing.playTone(CALLEE_HZ, 10_000)];
      await Promise.all([ringing.heard.waitForTone(CALLER_HZ, { timeoutMs: 10_000, forMs: 200 }), call.heard.waitForTone(CALLEE_HZ, { timeoutMs: 10_000, forMs: 200 })]);
      for (const each of [call, ringing]) each.stopPlaying();
      await Promise.all(playing);
      await ringing.hangup();
      expect((await call.ended()).by).toBe('remote');
      // Through the gateway, not by the dialplan’s fallback.
      const { data } = await events.seen(CallStartedV1, (event) => event.tenantid === tenant.code && event.data.to === '201');
      expect(data).toMatchObject({ from: '202', direction: 'internal' });
      expect(data.viaFallback).toBeUndefined();
      expect((await events.seen(CallRingingV1, (event) => event.data.callId === data.callId)).data.target).toBe('201');
      await events.seen(CallEndedV1, (event) => event.data.callId === data.callId);
    });
  });

  describe('is let in by its password alone', () => {
    /** How the edge answers a registration: its status lines and headers in order, without what differs each time. */
    async function refusal(user: string, password: string): Promise<{ readonly sipStatus: number; readonly answers: readonly string[] }> {
      const answers: string[] = [];
      const intruder = await SipPhone.open({
        bindAddress: '127.0.0.1', user, password, registrar: sip,
        trace: ({ direction, text }) => {
          if (direction === 'in') answers.push(shape(text, user));
        },
      });
      try {
        const error = await intruder.register().then(
          () => new Error(`${user} was let in`),
          (reason: unknown) => reason,
        );
        if (!(error instanceof SipRejectedError)) throw error;
        return { sipStatus: error.sipStatus, answers };
      } finally {
        await intruder.close();
      }
    }

    async function register(account: SipAccount): Promise<number> {
      const tried = await SipPhone.open({ bindAddress: '127.0.0.1', user: account.sipUser, password: account.password, registrar: sip });
      try {
        await tried.register();
        return 200;
      } catch (error) {
        if (error instanceof SipRejectedError) return error.sipStatus;
        throw error;
      } finally {
        await tried.close();
      }
    }

    /** What was declared over HTTP holds at the edge within 5 s. */
    const registers = (account: SipAccount, wanted: number): Promise<number> =>
      eventually(`${account.sipUser} is answered ${wanted}`, async () => {
        const status = await register(account);
        return status === wanted && status;
      }, 5_000);

    it('and a wrong one is refused like a user who does not exist', async () => {
      const wrong = await refusal(`${tenant.code}_202`, 'wrong');
      expect([401, 403]).toContain(wrong.sipStatus);
      expect(wrong.answers.length).toBeGreaterThanOrEqual(2);
      expect(await refusal(`${tenant.code}_999`, 'wrong')).toEqual(wrong);
    });

    it('not by another phone’s', async () => {
      const account = await tenant.endpoint('203');
      await registers(account, 200);
      expect(await register({ ...account, sipUser: `${tenant.code}_202` })).toBe(401);
    });

    it('until it is removed', async () => {
      const account = await tenant.endpoint('204');
      const phone204 = await openStackPhone(state, account);
      await phone204.close();
      await stack.api.expect('DELETE', `/api/tenants/${tenant.code}/endpoints/204`);
      expect(await registers(account, 401)).toBe(401);
    });

    it('until another is made for it', async () => {
      const account = await tenant.endpoint('205');
      await (await openStackPhone(state, account)).close();
      const { password } = await stack.api.expect<EndpointView & { password: string }>('POST', `/api/tenants/${tenant.code}/endpoints/205/rotate`);
      expect(password).not.toBe(account.password);
      expect(await registers({ ...account, password }, 200)).toBe(200);
      expect(await register(account)).toBe(401);
    });
  });
});

/** A message without what must differ: nonces, tags, branches, ids, ports and the user’s own name. */
function shape(message: string, user: string): string {
  return message
    .split('\r\n')
    .map((line) => line.replaceAll(user, 'USER').replaceAll(/(nonce|opaque|tag|branch)="?[^";,\s]*"?/g, '$1').replace(/^(Call-ID|CSeq|Via|From|To|Date):.*/i, '$1'))
    .join('\n');
}
