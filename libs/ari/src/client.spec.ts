import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { eventually, startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AriClient, AriError, AriUnreachableError, ChannelGoneError, ChannelNotInStasisError, isGone, type AriFault } from './index.js';

let edge: AsteriskServer;
const open: AriClient[] = [];
const faults: AriFault[] = [];

beforeAll(async () => {
  edge = await startAsterisk();
});
afterAll(async () => {
  await edge.stop();
});
afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

async function connect(app: string = `app-${randomUUID()}`): Promise<AriClient> {
  faults.length = 0;
  const client = new AriClient({ address: edge.ari, app, onFault: (fault) => faults.push(fault) });
  open.push(client);
  client.start();
  await client.connected(20_000);
  return client;
}

/** A way to Asterisk on which nobody learns that another client has the application: the state that two sockets meeting in Asterisk leave behind. */
async function withoutReplaced(): Promise<{ readonly port: number; close(): Promise<unknown> }> {
  const server = createServer((client) => {
    const asterisk = dial(edge.ari.port, edge.ari.host);
    client.pipe(asterisk);
    asterisk.on('data', (chunk: Buffer) => chunk.includes('ApplicationReplaced') || client.write(chunk));
    for (const [end, far] of [[client, asterisk], [asterisk, client]] as const) end.on('error', () => {}).on('close', () => far.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** A channel in the application whose far end is the echo of the dialplan. */
async function call(client: AriClient): Promise<string> {
  const channelId = randomUUID();
  const entered = client.whenChannelEnters(channelId, 15_000);
  await client.channels.originateWithId({ channelId, endpoint: 'Local/*43@internal', app: client.app, appArgs: 'one,two' });
  await entered;
  return channelId;
}

describe('an ARI client at a real Asterisk', () => {
  it('hears a call enter with its arguments, commands it, and hears its end; every event is one of its types', async () => {
    const client = await connect();
    const seen: string[] = [];
    client.onAny((event) => seen.push(event.type));
    let args: readonly string[] = [];
    client.on('StasisStart', (event) => {
      args = event.args;
    });
    const channelId = await call(client);
    expect(args).toEqual(['one', 'two']);
    expect((await client.channels.get({ channelId })).state).toBe('Up');
    await client.channels.setChannelVar({ channelId, variable: 'COLOUR', value: 'verde, sí & no' });
    expect((await client.channels.getChannelVar({ channelId, variable: 'COLOUR' })).value).toBe('verde, sí & no');
    await client.channels.hangup({ channelId, reason_code: '17' });
    await eventually('the end is heard', () => seen.includes('ChannelDestroyed'));
    expect(seen).toContain('StasisEnd');
    expect(seen).not.toContain('unrecognised');
    expect(faults).toEqual([]);
  });

  it('listens to more sources than one request line holds', async () => {
    const client = await connect();
    await client.listenTo(Array.from({ length: 150 }, () => `deviceState:Stasis:${randomUUID()}`));
    expect((await client.applications.get({ applicationName: client.app })).device_names).toHaveLength(150);
  });

  it('tells a channel that is gone from every other refusal', async () => {
    const client = await connect();
    await expect(client.channels.answer({ channelId: 'nobody' })).rejects.toThrow(ChannelGoneError);
    await expect(client.channels.answer({ channelId: 'nobody' })).rejects.toMatchObject({ channelId: 'nobody', ariStatus: 404, retryable: false });
    const bridge = await client.bridges.create({ type: 'mixing' });
    await expect(client.bridges.addChannel({ bridgeId: bridge.id, channel: ['nobody'] })).rejects.toThrow(ChannelGoneError);
    await client.bridges.destroy({ bridgeId: bridge.id });
    // Asterisk answers from what its own bus has told of bridges, a moment behind.
    const gone = await eventually('the bridge is gone', () => client.bridges.get({ bridgeId: bridge.id }).then(() => undefined, (error: unknown) => error));
    expect(gone).not.toBeInstanceOf(ChannelGoneError);
    expect(isGone(gone)).toBe(true);
    await expect(client.channels.originate({ endpoint: 'NoSuchTech/1', app: client.app })).rejects.toThrow(AriError);
  });

  it('lets a channel into a bridge only after its StasisStart', async () => {
    const client = await connect();
    const bridge = await client.bridges.create({ type: 'mixing' });
    const channelId = randomUUID();
    const entered = client.whenChannelEnters(channelId, 15_000);
    // The answer to create comes before the channel is in the application: until then dial, too, is refused (409).
    await client.channels.create({ endpoint: 'Local/*43@internal', app: client.app, channelId });
    await entered;
    await client.channels.dial({ channelId });
    await client.bridges.addChannel({ bridgeId: bridge.id, channel: [channelId] });
    expect((await client.bridges.get({ bridgeId: bridge.id })).channels).toEqual([channelId]);

    const elsewhere = await connect();
    const foreign = randomUUID();
    await client.channels.originateWithId({ channelId: foreign, endpoint: 'Local/*43@internal', extension: '*43', context: 'internal', priority: 1 });
    await expect(elsewhere.bridges.addChannel({ bridgeId: bridge.id, channel: [foreign] })).rejects.toThrow(ChannelNotInStasisError);
    await client.channels.hangup({ channelId });
    await client.channels.hangup({ channelId: foreign });
    await client.bridges.destroy({ bridgeId: bridge.id });
  });

  it('fails the wait for a channel that dies first', async () => {
    const client = await connect();
    const channelId = randomUUID();
    const entered = client.whenChannelEnters(channelId, 15_000);
    await client.channels.originateWithId({ channelId, endpoint: 'Local/nothing-here@internal', app: client.app }).catch(() => {});
    await client.channels.hangup({ channelId }).catch(() => {});
    await expect(entered).rejects.toThrow(AriError);
  });

  it('reconcile() shows what is there, also what entered before this client', async () => {
    const app = `app-${randomUUID()}`;
    const first = await connect(app);
    const channelId = await call(first);
    const bridge = await first.bridges.create({ type: 'mixing' });
    first.close();
    const second = await connect(app);
    const snapshot = await second.reconcile();
    expect(snapshot.channels.map((channel) => channel.id)).toContain(channelId);
    expect(snapshot.bridges.map((one) => one.id)).toContain(bridge.id);
    await second.channels.hangup({ channelId });
    await second.bridges.destroy({ bridgeId: bridge.id });
  });

  it('stops for good when another takes the application', async () => {
    const app = `app-${randomUUID()}`;
    const first = await connect(app);
    await connect(app);
    await eventually('the first gives way', () => first.state === 'replaced');
    await expect(first.connected(100)).rejects.toThrow(AriUnreachableError);
  });

  it('connects again when Asterisk has lost the application under an open socket', async () => {
    const app = `app-${randomUUID()}`;
    const between = await withoutReplaced();
    const client = new AriClient({ address: { ...edge.ari, port: between.port }, app, lookEveryMs: 50, onFault: (fault) => faults.push(fault) });
    open.push(client);
    client.start();
    await client.connected(20_000);
    const states: string[] = [];
    client.onState(({ state }) => states.push(state));
    const other = await connect(app);
    expect(client.state).toBe('connected');
    other.close();
    await eventually('it is connected anew', () => states.at(-1) === 'connected');
    expect(states).toEqual(['lost', 'connecting', 'connected']);
    await client.channels.hangup({ channelId: await call(client) });
    client.close();
    await between.close();
  });

  it('says so when the password is wrong, and goes on trying', async () => {
    const reasons: string[] = [];
    const client = new AriClient({ address: { ...edge.ari, password: 'wrong' }, app: 'x', onFault: (fault) => reasons.push(fault.message) });
    open.push(client);
    client.start();
    await eventually('two refusals', () => reasons.length >= 2);
    expect(reasons[0]).toContain('401');
    await expect(client.channels.list()).rejects.toMatchObject({ code: 'ari_unauthorized', ariStatus: 401 });
  });

  it('survives Asterisk’s death: lost, then connected again by itself, with nothing left of the calls', async () => {
    const client = await connect();
    const states: string[] = [];
    client.onState(({ state }) => states.push(state));
    const channelId = await call(client);
    const never = client.whenChannelEnters(randomUUID(), 60_000);
    await edge.kill();
    await eventually('the loss is seen', () => states.includes('lost'));
    await expect(never).rejects.toThrow(AriUnreachableError);
    await expect(client.channels.list()).rejects.toMatchObject({ code: 'ari_unreachable', retryable: true, status: 503 });
    await edge.restart();
    await client.connected(20_000);
    expect(await client.reconcile()).toMatchObject({ channels: [], bridges: [] });
    await expect(client.channels.hangup({ channelId })).rejects.toThrow(ChannelGoneError);
  });
});
