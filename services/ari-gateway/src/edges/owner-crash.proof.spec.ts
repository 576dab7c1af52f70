import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diesAt, openOwnerAndHeir, type OwnerAndHeir } from '../../test/support/owner-and-heir.js';

let both: OwnerAndHeir;
beforeAll(async () => {
  both = await openOwnerAndHeir();
  both.heir.start();
  await both.lab.owned('heir', 40_000);
}, 120_000);
afterAll(() => both?.lab.close());

describe('a gateway that dies at', () => {
  it.each([['lease.before-take', 0], ['edge.before-own', 1], ['lease.after-renew', 1], ['lease.before-release', 1]] as const)('%s is followed by another one; there is one owner, by one row, and each call begins and ends once', async (label, taken) => {
    expect(await diesAt(both, label, taken)).toBe('EdgeConnected');
  }, 90_000);

  it('the same time as its Asterisk is followed by one that tells what it could not tell: the edge is lost, once', async () => {
    const { lab, victim, heir } = both;
    victim.start();
    await victim.ready();
    const told = (await lab.events(lab.edgeId)).length;
    await heir.kill();
    await lab.asterisk.kill();
    await eventually('its loss is told', async () => (await lab.events(lab.edgeId)).length > told, 20_000);
    expect(await lab.owner()).toMatchObject({ holder: 'victim', state: 'lost' });
    await lab.asterisk.restart();
    await lab.owned('victim');
    expect((await lab.events(lab.edgeId)).slice(told)).toEqual(['EdgeLost', 'EdgeConnected']);
  }, 90_000);
});
