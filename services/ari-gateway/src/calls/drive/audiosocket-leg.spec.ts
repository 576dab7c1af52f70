import { AttachV1, CallEndedV1, CallStartedV1 } from '@troncal/contracts';
import type { SipPhone } from '@troncal/sip-phone';
import { eventually, freePort } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AGENT_HZ, CrookedVoice } from '../../../test/support/crooked-voice.js';
import { GatewayLab } from '../../../test/support/gateway-lab.js';

let lab: GatewayLab;
let voice: CrookedVoice;
let phone: SipPhone;

beforeAll(async () => {
  voice = await CrookedVoice.start(await freePort());
  lab = await GatewayLab.open(['demo'], `127.0.0.1:${voice.port}`);
  await voice.serve(lab.nats);
  await lab.endpoint('201');
  await lab.route('main', { name: 'Main', extension: '100', start: 'agent', nodes: { agent: { kind: 'agent', agent: 'default', onHandoff: 'bye', onFailed: 'bye' }, bye: { kind: 'hangup' } } });
  await lab.start();
  phone = await lab.phone('201');
});
afterEach(async () => {
  voice.manners = 'speaks';
  await lab.hangUpAll();
});
afterAll(async () => {
  await lab?.close();
  await voice?.close();
});

type Call = Awaited<ReturnType<SipPhone['call']>>;

async function call(): Promise<{ readonly caller: Call; readonly callId: string }> {
  const known = lab.of(CallStartedV1).length;
  const caller = await phone.call('100');
  await caller.answered();
  const { callId } = (await eventually('the call is told of', () => lab.of(CallStartedV1)[known])).data;
  return { caller, callId };
}
const hearsAgent = (caller: Call): Promise<unknown> => caller.heard.waitForTone(AGENT_HZ, { timeoutMs: 20_000, sinceMs: performance.now() });
/** Heard at the telephone is not yet known to the gateway, and an agent that it never had is asked for anew. */
async function hasAgent({ caller, callId }: { readonly caller: Call; readonly callId: string }): Promise<void> {
  await hearsAgent(caller);
  await eventually('the gateway knows of its agent', async () => (await lab.call(callId)).legs.some(({ kind, state }) => kind === 'media' && state === 'up'));
}
const legsOf = (callId: string): string[] => voice.asked.filter(({ subject, data }) => subject === AttachV1.subject && data['callId'] === callId).map(({ data }) => String(data['legId']));

async function ends({ caller, callId }: { readonly caller: Call; readonly callId: string }): Promise<void> {
  expect(caller.callEnd).toBeUndefined();
  await caller.hangup();
  await lab.seen(CallEndedV1, callId);
  expect(lab.of(CallEndedV1, callId)).toHaveLength(1);
}

describe('a media leg over AudioSocket', () => {
  it('carries both ways by two halves of a Local channel, and leaves nothing behind', async () => {
    const made = await call();
    await hearsAgent(made.caller);
    const [legId] = legsOf(made.callId);
    await eventually('the caller is heard', () => (voice.lines.get(legId ?? '')?.heard ?? 0) > 20);
    expect((await lab.ari.channels.list()).map((channel) => channel.name).filter((name) => name.startsWith('Local/'))).toHaveLength(2);
    await ends(made);
  });

  it.each([
    ['is killed and comes back', async () => {
      await voice.die();
      await voice.rise();
    }],
    ['breaks off in mid-frame with a reset', async (legId: string) => voice.breakOff(legId)],
    ['hangs up', async (legId: string) => voice.hangUp(legId)],
  ])('a voice that %s costs the caller the agent for a moment and nothing else', async (_, act: (legId: string) => Promise<void>) => {
    const made = await call();
    await hasAgent(made);
    const before = legsOf(made.callId);
    await act(before.at(-1) ?? '');
    await eventually('another leg', () => legsOf(made.callId).length > before.length, 15_000);
    expect(voice.asked.findLast(({ subject }) => subject === AttachV1.subject)?.data).toMatchObject({ resume: true });
    await hearsAgent(made.caller);
    await ends(made);
  }, 60_000);

  it.each([
    ['is not there', async () => voice.die(), async () => voice.rise()],
    ['accepts and freezes', async () => void (voice.manners = 'freezes'), async () => void (voice.manners = 'speaks')],
  ])('a voice that %s is tried again until it serves', async (_, before: () => Promise<void>, after: () => Promise<void>) => {
    await before();
    const made = await call();
    await eventually('a second try', () => legsOf(made.callId).length > 1, 20_000);
    await after();
    await hearsAgent(made.caller);
    expect(lab.of(CallEndedV1, made.callId)).toEqual([]);
    await ends(made);
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
