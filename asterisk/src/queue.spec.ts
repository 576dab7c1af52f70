import { randomUUID } from 'node:crypto';
import { AmiClient, AriClient, type AmiMessage, type AriEvent, type UnrecognisedEvent } from '@troncal/ari';
import { createEdgeDatabase, EdgeRows, eventually, REALM, sharedPostgres, startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RawSip } from '../test-kit/raw-sip.js';

let rows: EdgeRows;
let edge: AsteriskServer;
let ari: AriClient;
let ami: AmiClient;
const amiEvents: AmiMessage[] = [];
const ariEvents: (AriEvent | UnrecognisedEvent)[] = [];
const phones: RawSip[] = [];

beforeAll(async () => {
  const database = await createEdgeDatabase(await sharedPostgres());
  rows = new EdgeRows(database);
  await rows.tenant('demo');
  await rows.endpoint('demo', '201', 'secret', ['people']);
  await rows.endpoint('demo', '202', 'secret');
  await rows.endpoint('demo', '203', 'secret', ['empty']);
  edge = await startAsterisk({ database, realm: REALM });
  ari = new AriClient({ address: edge.ari, app: 'troncal', onFault: () => {} });
  ari.onAny((event) => ariEvents.push(event));
  ari.start();
  ami = new AmiClient({ address: edge.ami, onFault: () => {} });
  ami.onEvent((event) => amiEvents.push(event));
  ami.start();
  await ari.connected(20_000);
  await eventually('AMI is there', () => ami.state === 'connected');
});
afterAll(async () => {
  ari?.close();
  ami?.close();
  await rows?.close();
  await edge?.stop();
});
afterEach(() => {
  for (const phone of phones.splice(0)) phone.close();
});

async function phone(user: string): Promise<RawSip> {
  const opened = await RawSip.open({ port: edge.sipPort, user, password: 'secret' });
  phones.push(opened);
  expect((await opened.register()).status).toBe(200);
  await eventually(`${user} is seen`, async () => (await ari.endpoints.get({ tech: 'PJSIP', resource: user })).state === 'online');
  return opened;
}

/** A Local channel into the queue: its near half is ours, its far half runs the dialplan. */
async function queueLeg(queue: string, call: string, originator?: string): Promise<string> {
  const channelId = randomUUID();
  const entered = ari.whenChannelEnters(channelId, 15_000);
  // `originator` gives the Local channel the caller's codecs. Without it (or `formats`) it takes 192 kHz and every frame is resampled twice (22.10).
  await ari.channels.originateWithId({
    channelId,
    otherChannelId: `${channelId}-queue`,
    endpoint: `Local/${queue}@queues/n`,
    app: 'troncal',
    originator,
    variables: { TRONCAL_CALL: call, TRONCAL_QUEUE_SECONDS: '30' },
  });
  await entered;
  return channelId;
}

const userEvents = (name: string, call: string): AmiMessage[] => amiEvents.filter((event) => event.get('UserEvent') === name && event.get('Call') === call);

describe('the queue context', () => {
  it('rings a member, connects it to the caller’s bridge, and tells joining and connecting', async () => {
    const call = randomUUID();
    const [caller, member] = [await phone('demo_202'), await phone('demo_201')];
    const invited = caller.invite('100');
    const start = await eventually('the caller enters', () => ariEvents.find((event) => event.type === 'StasisStart' && event.args[2] === '100'));
    const callerId = start.type === 'StasisStart' ? start.channel.id : '';
    // Whom nobody takes within 1.5 s the dialplan serves by itself.
    await ari.channels.setChannelVar({ channelId: callerId, variable: 'TIMEOUT(absolute)', value: '0' });
    await ari.channels.answer({ channelId: callerId });
    expect((await invited).status).toBe(200);
    const bridge = await ari.bridges.create({ type: 'mixing' });
    const legId = await queueLeg('demo_people', call, callerId);
    await ari.bridges.addChannel({ bridgeId: bridge.id, channel: [callerId, legId] });
    // A constant sample would be a tone's silence; music has many.
    await eventually('the caller hears music', () => new Set(Buffer.concat(caller.heard)).size > 30);
    await member.answer();
    await eventually('AMI tells who took it', () => amiEvents.find((event) => event.event === 'AgentConnect' && event.get('Uniqueid') === `${legId}-queue` && event.get('Interface') === 'PJSIP/demo_201'));
    expect(userEvents('TroncalQueueJoined', call)).toHaveLength(1);
    let sequence = 0;
    await eventually('both hear each other', () => {
      sequence += 1;
      caller.speak(sequence, 0x11);
      member.speak(sequence, 0x22);
      return member.heard.some((payload) => payload[0] === 0x11) && caller.heard.some((payload) => payload[0] === 0x22);
    });
    await member.bye();
    // A conversation that ended takes the leg with it; TroncalQueueLeft is for those whom nobody took.
    await eventually('the leg ends with the conversation', () => ariEvents.some((event) => event.type === 'ChannelDestroyed' && event.channel.id === legId));
    expect(userEvents('TroncalQueueLeft', call)).toEqual([]);
    await caller.bye();
    await ari.bridges.destroy({ bridgeId: bridge.id });
  });

  it('tells at once that nobody is there, for a queue without members, with absent members, and one that doesn’t exist', async () => {
    for (const [queue, status] of [['demo_empty', 'JOINEMPTY'], ['demo_nothing', 'UNKNOWN']] as const) {
      const call = randomUUID();
      await queueLeg(queue, call);
      const [left] = await eventually(`${queue} is left`, () => (userEvents('TroncalQueueLeft', call).length > 0 ? userEvents('TroncalQueueLeft', call) : false));
      expect(left?.get('Status')).toBe(status);
      expect(left?.get('Queue')).toBe(queue);
    }
  });

  it('lets no value of a call into its events but its id, nor into its dialplan', async () => {
    const call = `${randomUUID()}`;
    const member = await phone('demo_201');
    const channelId = randomUUID();
    const entered = ari.whenChannelEnters(channelId, 15_000);
    await ari.channels.originateWithId({ channelId, otherChannelId: `${channelId}-queue`, endpoint: 'Local/demo_people@queues/n', app: 'troncal', variables: { TRONCAL_CALL: `${call}\r\nX: ${'${SHELL(id)}'}`, TRONCAL_QUEUE_SECONDS: '1); x' } });
    await entered;
    const joined = await eventually('it joined', () => amiEvents.find((event) => event.get('UserEvent') === 'TroncalQueueJoined' && event.get('Uniqueid') === `${channelId}-queue`));
    // What is left of it are hexadecimal digits and dashes.
    expect(joined.get('Call')).toMatch(new RegExp(`^${call}[0-9a-f-]*$`));
    await eventually('it waits', () => amiEvents.some((event) => event.event === 'QueueCallerJoin' && event.get('Uniqueid') === `${channelId}-queue`));
    await ari.channels.hangup({ channelId });
    member.close();
    phones.splice(0);
  });
});
