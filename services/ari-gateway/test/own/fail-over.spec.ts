import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endsOnce, hearEachOther, TwoGateways } from '../support/two-gateways.js';

let both: TwoGateways;
let lab: TwoGateways['lab'];
beforeAll(async () => {
  both = await TwoGateways.open();
  ({ lab } = both);
}, 120_000);
afterAll(() => lab?.close());
beforeEach(() => both.start(), 60_000);
afterEach(() => lab.clear());

describe('the owner of an edge', () => {
  it('killed with calls on it is followed by the standby; two who talk go on', async () => {
    const talking = await both.talk();
    const before = (await lab.owner())?.epoch ?? 0;
    await both.owner.kill();
    expect(await lab.owned('b')).toBe(before + 1);
    await hearEachOther(talking);
    await endsOnce(both, talking);
  }, 120_000);

  it('that ends in good order hands over at once, and the menu takes its digit under the new owner', async () => {
    const menu = await both.inMenu();
    const before = (await lab.owner())?.epoch ?? 0;
    await both.owner.end();
    expect(await lab.owned('b')).toBe(before + 1);
    await endsOnce(both, await both.talk(menu));
  }, 120_000);
});

describe('a silent partition between the owner and', () => {
  it('NATS: the standby takes over, the old owner is thrown out of Asterisk and stays out', async () => {
    const talking = await both.talk();
    both.owner.ways.nats.silence();
    const epoch = await lab.owned('b');
    await eventually('the old owner has stopped', async () => (await both.owner.api.send('GET', '/health/ready')).status === 503);
    const sent = both.owner.asked.length;
    await hearEachOther(talking);
    await endsOnce(both, talking);
    both.owner.ways.nats.speak();
    await both.owner.ready();
    await endsOnce(both, await both.talk());
    expect(both.owner.commandsSince(sent)).toEqual([]);
    expect(await lab.owner()).toMatchObject({ holder: 'b', epoch });
  }, 120_000);
});

describe('a request for a call that the other replica holds', () => {
  it('is passed on, once, whichever replica was asked', async () => {
    const menu = await both.inMenu();
    const again = await both.standby.api.send('POST', `/api/calls/${menu.callId}/hangup`, {}, { 'x-troncal-forwarded': '1' });
    expect(again).toMatchObject({ status: 503, body: { code: 'held_elsewhere', detail: expect.stringContaining('in the hands of a') as string } });
    const asked = await both.standby.api.send<{ state: string }>('POST', `/api/calls/${menu.callId}/hangup`, {});
    expect(asked.status).toBe(200);
    expect(asked.body).toMatchObject({ callId: menu.callId });
    await menu.caller.ended();
    expect((await both.standby.api.send('POST', `/api/calls/${menu.callId}/hangup`, {})).status).toBe(409);
  }, 60_000);
});

describe('a gateway that starts', () => {
  it('begins, though the database goes away under each thing that it reads first', async () => {
    const late = await lab.gateway('c');
    const [endpoints, trunks, edges] = await Promise.all(['endpoints', 'trunks', 'edge_declarations'].map((table) => lab.locked(table)));
    late.start();
    for (const table of [endpoints, trunks, edges]) {
      await table?.wanted();
      late.ways.postgres.cut();
      await table?.free();
    }
    await late.ready();
    expect(await lab.owner()).toMatchObject({ holder: 'a' });
  }, 60_000);
});
