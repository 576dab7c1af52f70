import {
  AgentConnectedV1, CallEndedV1, CallHeldV1, CallParkedV1, CallPickedUpV1, CallResumedV1, CallsBridgedV1, ConferenceJoinedV1, ConferenceLeftV1, DtmfSentV1, ParkingExpiredV1, PlaybackFinishedV1,
  HoldV1, ParkV1, PlaybackStartedV1, ResumeV1, TransferV1, type ParkedPage,
} from '@troncal/contracts';
import { Bus, CommandClient } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { converse, hears, hearsMusic, isDeaf, refused, verb } from '../../../test/support/conversation.js';
import { GatewayLab, SPEECH_HZ } from '../../../test/support/gateway-lab.js';
import { anyPhone } from '../../../test/suites/any-phone.js';
import { gatewayKilled } from '../../../test/suites/gateway-killed.js';
import { snoops } from '../../../test/suites/snoops.js';
import { transfers } from '../../../test/suites/transfers.js';

let lab: GatewayLab;
beforeAll(async () => {
  lab = await GatewayLab.open(GatewayLab.tenants(50));
  await lab.staff({ '201': ['people'], '202': [], '203': [], '204': [], '205': ['others'] });
  await lab.start();
});
afterAll(() => lab?.closeEmpty());

describe.concurrent('hold', { timeout: 60_000 }, () => {
  it('gives the caller music, cuts the other side off both ways, and resume puts both together again', async () => {
    const [a, b] = await lab.staffed('201', '202');
    const { callId, caller, person } = await converse(lab, a, b, '202');
    expect(await verb(lab, callId, 'hold')).toMatchObject({ held: true, at: 'held' });
    await lab.seen(CallHeldV1, callId);
    await hearsMusic(caller);
    await isDeaf(person, caller, 1_300);
    await isDeaf(caller, person, 1_700);
    expect(await refused(lab, callId, 'hold')).toEqual([409, 'already_held']);
    await verb(lab, callId, 'resume');
    await hears(person, caller, 1_300);
    await hears(caller, person, 1_700);
    expect((await lab.seen(CallResumedV1, callId)).data.heldMs).toBeGreaterThan(500);
    expect(await refused(lab, callId, 'resume')).toEqual([409, 'not_held']);
    expect(lab.of(AgentConnectedV1, callId)).toHaveLength(1);
    await caller.hangup();
    await person.ended();
  });

  it('ends with the call, whoever hangs up', async () => {
    await Promise.all((['caller', 'person'] as const).map(async (who) => {
      const [a, b] = await lab.staffed('201', '202');
      const call = await converse(lab, a, b, '202');
      await verb(lab, call.callId, 'hold');
      await call[who].hangup();
      await call[who === 'caller' ? 'person' : 'caller'].ended();
      expect((await lab.seen(CallEndedV1, call.callId)).data.endedBy).toBe(who === 'caller' ? 'caller' : 'far_end');
    }));
  });

  it('of two commands at once one is done and the other refused', async () => {
    const [a, b] = await lab.staffed('201', '202');
    const { callId, caller } = await converse(lab, a, b, '202');
    const answers = await Promise.all([1, 2].map(() => lab.api().send('POST', `/api/calls/${callId}/hold`)));
    expect(answers.map((answer) => answer.status).toSorted((x, y) => x - y)).toEqual([200, 409]);
    await caller.hangup();
  });
});

describe('play, say and digits', { timeout: 60_000 }, () => {
  it.concurrent('are heard by both; digits by whom they are sent to', async () => {
    const [a, b] = await lab.staffed('201', '202');
    lab.sound('jingle', 1_100, 1_000, lab.tenantOf(a));
    const { callId, caller, person } = await converse(lab, a, b, '202');
    const { playbackId } = await verb<{ playbackId: string }>(lab, callId, 'play', { sound: 'jingle' });
    expect(await refused(lab, callId, 'say', { text: 'hola' })).toEqual([409, 'already_playing']);
    await Promise.all([caller, person].map((party) => party.heard.waitForTone(1_100)));
    await eventually('it ends', () => lab.of(PlaybackFinishedV1, callId).find((event) => event.data.playbackId === playbackId && event.data.outcome === 'completed'));
    await verb(lab, callId, 'say', { text: 'hola' });
    await Promise.all([caller, person].map((party) => party.heard.waitForTone(SPEECH_HZ)));
    await verb(lab, callId, 'play', {}, 'DELETE');
    await eventually('it is stopped', () => lab.of(PlaybackFinishedV1, callId).find((event) => event.data.outcome === 'stopped'));
    expect(lab.of(PlaybackStartedV1, callId).map((event) => event.data.what)).toEqual(['sound', 'speech']);
    expect(await refused(lab, callId, 'play', {}, 'DELETE')).toEqual([409, 'not_playing']);
    expect(await refused(lab, callId, 'play', { sound: 'nothing' })).toEqual([422, 'unknown_sound']);

    await verb(lab, callId, 'dtmf', { digits: '12#' });
    expect(await person.digits(3)).toBe('12#');
    await verb(lab, callId, 'dtmf', { digits: '99', to: 'caller', masked: true });
    expect(await caller.digits(2)).toBe('99');
    expect(lab.of(DtmfSentV1, callId).map((event) => event.data.digits)).toEqual(['12#', '••']);
    await caller.hangup();
  });
});

describe('two calls that are bridged', { timeout: 60_000 }, () => {
  it.concurrent('talk alone: whoever they talked with is let go, and one end ends both', async () => {
    const [a, b, c, d] = await lab.staffed('201', '202', '203', '204');
    const one = await converse(lab, a, b, '202');
    const two = await converse(lab, c, d, '204');
    await verb(lab, one.callId, 'bridge', { with: two.callId });
    await Promise.all([one.person.ended(), two.person.ended()]);
    await hears(two.caller, one.caller, 1_300);
    await hears(one.caller, two.caller, 1_700);
    expect((await lab.seen(CallsBridgedV1, one.callId)).data.withCallId).toBe(two.callId);
    expect((await lab.seen(CallsBridgedV1, two.callId)).data.withCallId).toBe(one.callId);
    await one.caller.hangup();
    await two.caller.ended();
    for (const { callId } of [one, two]) await lab.seen(CallEndedV1, callId);
  });

  it.concurrent('is refused between tenants, with itself, and with what is over', async () => {
    const [a, b, c, d] = await lab.staffed('201', '202', '203', '204');
    const one = await converse(lab, a, b, '202');
    const [e, f] = await lab.staffed('201', '202');
    const two = await converse(lab, e, f, '202');
    expect(await refused(lab, one.callId, 'bridge', { with: two.callId })).toEqual([403, 'other_tenant']);
    expect(await refused(lab, one.callId, 'bridge', { with: one.callId })).toEqual([422, 'same_call']);
    expect((await lab.api(lab.tenantOf(a)).send('POST', `/api/calls/${two.callId}/hold`)).status).toBe(404);
    expect((await lab.api(lab.tenantOf(a)).send('POST', `/api/calls/${one.callId}/bridge`, { with: two.callId })).status).toBe(404);
    await two.caller.hangup();
    const over = await converse(lab, c, d, '204');
    await over.caller.hangup();
    await lab.seen(CallEndedV1, over.callId);
    expect(await refused(lab, one.callId, 'bridge', { with: over.callId })).toEqual([409, 'call_over']);
    await hears(one.person, one.caller, 1_300);
    await one.caller.hangup();
  });
});

describe.concurrent('a conference', { timeout: 60_000 }, () => {
  it.concurrent('lets everybody of both calls hear everybody; who leaves talks on alone, and the last one takes it along', async () => {
    const [a, b, c, d] = await lab.staffed('201', '202', '203', '204');
    const one = await converse(lab, a, b, '202');
    const two = await converse(lab, c, d, '204');
    for (const { callId } of [one, two]) await verb(lab, callId, 'conference', { conference: 'standup' });
    for (const { callId } of [one, two]) await lab.seen(ConferenceJoinedV1, callId);
    await hears([one.person, two.caller, two.person], one.caller, 1_300);
    await hears([one.person, two.caller, one.caller], two.person, 1_700);
    expect(await refused(lab, one.callId, 'conference', { conference: 'again' })).toEqual([409, 'in_conference']);
    await verb(lab, one.callId, 'conference', {}, 'DELETE');
    await lab.seen(ConferenceLeftV1, one.callId);
    await isDeaf(two.caller, one.caller, 1_300, one.person);
    await two.caller.hangup();
    await two.person.ended();
    await one.caller.hangup();
    await one.person.ended();
  });
});

describe.concurrent('parking', { timeout: 60_000 }, () => {
  it.concurrent('gives music; a phone that dials the slot takes the caller', async () => {
    const [a, b, c] = await lab.staffed('201', '202', '203');
    const { callId, caller, person } = await converse(lab, a, b, '202');
    const { slot } = await verb<{ slot: string }>(lab, callId, 'park');
    expect(slot).toBe('70');
    await person.ended();
    await hearsMusic(caller);
    expect((await lab.seen(CallParkedV1, callId)).data).toMatchObject({ slot: '70', returnTo: '202' });
    expect((await lab.api(lab.tenantOf(a)).expect<ParkedPage>('GET', '/api/calls/parked')).parked).toMatchObject([{ callId, slot: '70', tenant: lab.tenantOf(a) }]);
    const taker = await c.call('*8570');
    await taker.answered();
    expect((await lab.seen(CallPickedUpV1, callId)).data).toMatchObject({ slot: '70', extension: '203' });
    await hears(caller, taker, 1_300);
    await hears(taker, caller, 1_700);
    await caller.hangup();
    await taker.ended();
  });

  it.concurrent('has a phone rung that takes the caller; one that does not answer leaves the caller in the slot', async () => {
    const [a, b, c, d] = await lab.staffed('201', '202', '203', '204');
    const { callId, caller } = await converse(lab, a, b, '202');
    await verb(lab, callId, 'park', { slot: '7777' });
    const first = c.nextCall();
    await verb(lab, callId, 'pickup', { extension: '203' });
    expect(await refused(lab, callId, 'pickup', { extension: '204' })).toEqual([409, 'being_picked_up']);
    (await first).reject(486);
    await eventually('it is to be had again', async () => (await lab.api().send('POST', `/api/calls/${callId}/pickup`, { extension: '204' })).status === 200);
    const second = await d.nextCall();
    await second.answer();
    await hears(second, caller, 1_300);
    await second.hangup();
    await caller.ended();
  });

  it.concurrent('rings the one who parked when nobody picks up, and answers an empty slot with 404', async () => {
    const [a, b, c] = await lab.staffed('201', '202', '203');
    const { callId, caller, person } = await converse(lab, a, b, '202');
    await verb(lab, callId, 'park', { timeoutMs: 1_000 });
    await person.ended();
    const back = await b.nextCall({ timeoutMs: 10_000 });
    expect((await lab.seen(ParkingExpiredV1, callId)).data).toMatchObject({ returnedTo: '202' });
    await back.answer();
    await hears(back, caller, 1_300);
    await caller.hangup();
    await back.ended();
    expect(await (await c.call('*8571')).ended()).toMatchObject({ sipStatus: 404 });
  });

  it.concurrent('ends with a caller who hangs up in it', async () => {
    const [a, b] = await lab.staffed('201', '202');
    const { callId, caller } = await converse(lab, a, b, '202');
    await verb(lab, callId, 'park');
    await caller.hangup();
    await lab.seen(CallEndedV1, callId);
    expect((await lab.api(lab.tenantOf(a)).expect<ParkedPage>('GET', '/api/calls/parked')).parked).toEqual([]);
    expect(await refused(lab, callId, 'pickup', { extension: '203' })).toEqual([409, 'call_over']);
  });
});

describe('by command', { timeout: 60_000 }, () => {
  it.concurrent('the same is done, and refused in the same words', async () => {
    const [a, b] = await lab.staffed('201', '202');
    const bus = new Bus({ ...lab.nats.login('realtime-voice'), logger: createLogger({ service: 'testing', level: 'silent' }) });
    bus.start();
    await bus.connection();
    const commands = new CommandClient(bus);
    const { callId, caller, person } = await converse(lab, a, b, '202');
    const about = { callId, tenant: lab.tenantOf(a), by: 'agent' } as const;
    expect(await commands.ask(HoldV1, about)).toMatchObject({ at: 'held', state: 'answered' });
    expect((await lab.seen(CallHeldV1, callId)).data.requestedBy).toBe('agent');
    await expect(commands.ask(HoldV1, about)).rejects.toMatchObject({ code: 'already_held', status: 409, message: expect.stringContaining('it is on hold') });
    await expect(commands.ask(ResumeV1, { ...about, tenant: lab.office() })).rejects.toMatchObject({ code: 'unknown_call', status: 404 });
    await expect(commands.ask(TransferV1, { ...about, extension: '299' })).rejects.toMatchObject({ code: 'no_such_endpoint', status: 422 });
    await expect(commands.ask(TransferV1, { ...about, extension: '203', queue: 'people' })).rejects.toMatchObject({ code: 'validation_failed' });
    await commands.ask(ResumeV1, about);
    await hears(person, caller, 1_300);
    expect(await commands.ask(ParkV1, about)).toMatchObject({ slot: '70', at: 'parked' });
    await caller.hangup();
    await bus.close();
  });
});

describe('two whom a lost connection kept from being put together', { timeout: 60_000 }, () => {
  it('talk once there is another one', async () => {
    const [a, b] = await lab.staffed('201', '202');
    const ringing = b.nextCall();
    const caller = await a.call('202');
    const person = await ringing;
    const deaf = lab.ariDeafAt('addChannel');
    await person.answer();
    await deaf;
    // The gateway notices by the silence alone.
    await eventually('the connection is lost', async () => (await fetch(new URL('/health/ready', lab.api().url))).status !== 200);
    lab.ways.ari.cut();
    lab.ways.ari.speak();
    await caller.answered();
    await hears(person, caller, 1_300);
    await hears(caller, person, 1_700);
    expect(lab.of(AgentConnectedV1, lab.begunBy(a)[0])).toHaveLength(1);
    await caller.hangup();
    await person.ended();
  });
});

transfers(() => lab);
snoops(() => lab);
anyPhone(() => lab, [undefined, 'stereo']);
gatewayKilled(() => lab);
