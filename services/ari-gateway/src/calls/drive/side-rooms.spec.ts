import { AriClient } from '@troncal/ari';
import { startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Seats } from './seats.js';
import { conferenceRoom, SideRooms } from './side-rooms.js';

let edge: AsteriskServer;
let ari: AriClient;
beforeAll(async () => {
  edge = await startAsterisk();
  ari = new AriClient({ app: 'rooms', address: edge.ari, onFault: () => {} });
});
afterAll(async () => {
  ari.close();
  await edge.stop();
});

it('a room whose first party is gone before it comes is not left behind', async () => {
  const room = conferenceRoom('demo', 'red');
  await expect(new SideRooms(ari, new Seats()).put(room, ['nobody'])).rejects.toThrow('Channel not found');
  expect((await ari.bridges.list()).map(({ id }) => id)).toEqual([]);
});
