import { AttachV1, CallEndedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { eventually, freePort } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT_HZ, CrookedVoice } from '../../../test/support/crooked-voice.js';
import { GatewayLab } from '../../../test/support/gateway-lab.js';
import { throughOneOutage } from '../../../test/support/outage.js';

let lab: GatewayLab;
let voice: CrookedVoice;

beforeAll(async () => {
  voice = await CrookedVoice.start(await freePort());
  lab = await GatewayLab.open(GatewayLab.tenants(8), `127.0.0.1:${voice.port}`);
  await voice.serve(lab.nats);
  await lab.staff({ '201': [] });
  for (const tenant of lab.tenants) await lab.route('main', { name: 'Main', extension: '100', start: 'agent', nodes: { agent: { kind: 'agent', agent: 'default', onHandoff: 'bye', onFailed: 'bye' }, bye: { kind: 'hangup' } } }, tenant);
  await lab.start();
});
afterAll(async () => {
  await lab?.closeEmpty();
  await voice?.close();
});

type Call = Awaited<ReturnType<SipPhone['call']>>;

async function call(): Promise<{ readonly caller: Call; readonly callId: string }> {
  const [phone] = await lab.staffed('201');
  const caller = await phone.call('100');
  await caller.answered();
  const callId = await eventually('the call is told of', () => lab.begunBy(phone)[0]);
  return { caller, callId };
}
const hearsAgent = (caller: Call): Promise<unknown> => caller.heard.waitForTone(AGENT_HZ, { timeoutMs: 20_000, sinceMs: performance.now() });
/** Heard at the telephone is not yet known to the gateway, and an agent that it never had is asked for anew. */
async function hasAgent({ caller, callId }: { readonly caller: Call; readonly callId: string }): Promise<void> {
  await hearsAgent(caller);
  await eventually('the gateway knows of its agent', async () => (await lab.call(callId)).legs.some(({ kind, state }) => kind === 'media' && state === 'up'));
}
const legsOf = (callId: string): string[] => voice.asked.filter(({ subject, data }) => subject === AttachV1.subject && data['callId'] === callId).map(({ data }) => String(data['legId']));

/** The agent is heard anew; how it was asked for. */
async function comesBack(made: { readonly caller: Call; readonly callId: string }, before: readonly string[]): Promise<unknown> {
  await eventually('another leg', () => legsOf(made.callId).length > before.length, 15_000);
  const asked = voice.asked.findLast(({ subject, data }) => subject === AttachV1.subject && data['callId'] === made.callId)?.data;
  await hearsAgent(made.caller);
  await ends(made);
  return asked;
}

const resumed = (asked: unknown): void => expect(asked).toMatchObject({ resume: true });

async function servesLater(made: { readonly caller: Call; readonly callId: string }): Promise<void> {
  await hearsAgent(made.caller);
  expect(lab.of(CallEndedV1, made.callId)).toEqual([]);
  await ends(made);
}

async function ends({ caller, callId }: { readonly caller: Call; readonly callId: string }): Promise<void> {
  expect(caller.callEnd).toBeUndefined();
  await caller.hangup();
  await lab.seen(CallEndedV1, callId);
  expect(lab.of(CallEndedV1, callId)).toHaveLength(1);
}

describe.concurrent('a media leg over AudioSocket', { timeout: 60_000 }, () => {
  it('carries both ways by two halves of a Local channel, and leaves nothing behind', async () => {
    const made = await call();
    await hearsAgent(made.caller);
    const [legId] = legsOf(made.callId);
    await eventually('the caller is heard', () => (voice.lines.get(legId ?? '')?.heard ?? 0) > 20);
    expect((await lab.ari.channels.list()).map((channel) => channel.name).filter((name) => name.startsWith(`Local/${legId}@`))).toHaveLength(2);
    await ends(made);
  });

  it.each([
    ['breaks off in mid-frame with a reset', (legId: string) => voice.breakOff(legId)],
    ['hangs up', (legId: string) => voice.hangUp(legId)],
  ])('that %s costs the caller the agent for a moment and nothing else', async (_, act: (legId: string) => void) => {
    const made = await call();
    await hasAgent(made);
    const before = legsOf(made.callId);
    act(before.at(-1) ?? '');
    const asked = await comesBack(made, before);
    expect(asked).toMatchObject({ resume: true });
  });
});

describe('a voice over AudioSocket', () => {
  throughOneOutage({ begin: () => voice.die(), end: () => voice.rise() }, {
    'that is killed and comes back costs the caller the agent for a moment and nothing else': async () => {
      const made = await call();
      await hasAgent(made);
      const before = legsOf(made.callId);
      return { afterwards: async () => resumed(await comesBack(made, before)) };
    },

    'that is not there is tried again until it serves': () => {
      let made: Awaited<ReturnType<typeof call>>;
      return Promise.resolve({
        async meanwhile() {
          made = await call();
          await eventually('a second try', () => legsOf(made.callId).length > 1, 20_000);
        },
        afterwards: () => servesLater(made),
      });
    },
  });

  it('that accepts and freezes is tried again until it serves', async () => {
    voice.manners = 'freezes';
    const made = await call();
    await eventually('a second try', () => legsOf(made.callId).length > 1, 20_000);
    voice.manners = 'speaks';
    expect(made.caller.callEnd).toBeUndefined();
    await servesLater(made);
  }, 60_000);

  it('is taken up by the next gateway as it is', async () => {
    const made = await call();
    await hasAgent(made);
    await lab.killAndStart();
    await hearsAgent(made.caller);
    expect(legsOf(made.callId)).toHaveLength(1);
    await ends(made);
  }, 60_000);
});
