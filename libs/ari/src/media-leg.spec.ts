import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { AriClient, ChannelNotInStasisError } from './index.js';
import { eventually, startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';

interface Leg {
  readonly url: string;
  readonly socket: WebSocket;
  readonly texts: string[];
  readonly frames: Buffer[];
}

let server: WebSocketServer;
let edge: AsteriskServer;
let ari: AriClient;
const legs: Leg[] = [];

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/media', handleProtocols: (offered) => (offered.has('media') ? 'media' : false) });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket, request) => {
    const leg: Leg = { url: request.url ?? '', socket, texts: [], frames: [] };
    socket.on('message', (data: Buffer, isBinary) => (isBinary ? leg.frames.push(data) : leg.texts.push(data.toString('utf8'))));
    legs.push(leg);
  });
  edge = await startAsterisk({ mediaUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/media` });
  ari = new AriClient({ address: edge.ari, app: 'troncal', onFault: () => {} });
  ari.start();
  await ari.connected(20_000);
});
afterAll(async () => {
  ari?.close();
  for (const { socket } of legs) socket.terminate();
  server?.close();
  await edge?.stop();
});

describe('a media leg', () => {
  it('dials the address of the media service with its leg’s id, and carries ulaw both ways', async () => {
    const channelId = randomUUID();
    const legId = randomUUID();
    const bridge = await ari.bridges.create({ type: 'mixing' });
    const entered = ari.whenChannelEnters(channelId, 15_000);
    await ari.channels.externalMedia({ channelId, app: 'troncal', external_host: 'voice', transport: 'websocket', encapsulation: 'none', format: 'ulaw', transport_data: `v(leg=${legId},call=c1)` });
    await entered;
    const leg = await eventually('the socket comes', () => legs.at(-1));
    expect(leg.url).toBe(`/media?leg=${legId}&call=c1`);
    expect(leg.socket.protocol).toBe('media');
    const start = JSON.parse(await eventually('MEDIA_START', () => leg.texts[0])) as Record<string, unknown>;
    expect(start).toMatchObject({ event: 'MEDIA_START', channel_id: channelId, format: 'ulaw', optimal_frame_size: 160, ptime: 20 });

    // The other party is the dialplan's echo: what we send comes back byte for byte. Without `formats` a Local channel takes 192 kHz (22.10).
    const echoId = randomUUID();
    const echoEntered = ari.whenChannelEnters(echoId, 15_000);
    await ari.channels.originateWithId({ channelId: echoId, endpoint: 'Local/*43@internal/n', app: 'troncal', formats: 'ulaw' });
    await echoEntered;
    await ari.bridges.addChannel({ bridgeId: bridge.id, channel: [channelId, echoId] });
    await eventually('our own audio comes back', () => {
      leg.socket.send(Buffer.alloc(160, 0x33));
      return leg.frames.some((frame) => frame.length === 160 && frame.every((byte) => byte === 0x33));
    });
    await ari.channels.hangup({ channelId: echoId });
    await ari.channels.hangup({ channelId });
    await eventually('the socket is closed', () => leg.socket.readyState === leg.socket.CLOSED);
    await ari.bridges.destroy({ bridgeId: bridge.id });
  });

  it('may not join a bridge before it entered', async () => {
    const bridge = await ari.bridges.create({ type: 'mixing' });
    const channelId = randomUUID();
    const entered = ari.whenChannelEnters(channelId, 15_000);
    await ari.channels.externalMedia({ channelId, app: 'troncal', external_host: 'voice', transport: 'websocket', encapsulation: 'none', format: 'ulaw', transport_data: 'v(leg=x)' });
    // Either it was quicker than the command, or the refusal is the one that tells what to wait for.
    const early: unknown = await ari.bridges.addChannel({ bridgeId: bridge.id, channel: [channelId] }).catch((error: unknown) => error);
    expect(early === undefined || early instanceof ChannelNotInStasisError).toBe(true);
    await entered;
    await ari.bridges.addChannel({ bridgeId: bridge.id, channel: [channelId] });
    await ari.channels.hangup({ channelId });
    await ari.bridges.destroy({ bridgeId: bridge.id });
  });
});
