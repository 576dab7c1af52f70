import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diesAt, openOwnerAndHeir, type OwnerAndHeir } from '../../test/support/owner-and-heir.js';

let both: OwnerAndHeir;
beforeAll(async () => {
  both = await openOwnerAndHeir();
}, 120_000);
afterAll(() => both?.lab.close());

// First, while nobody else runs.
it('a gateway that can’t start gives the edge up that it had won, and says why it serves nobody', async () => {
  const { lab, victim, heir } = both;
  const before = (await lab.owner())?.epoch ?? 0;
  victim.start({ JOURNAL_DIR: '/dev/null/journal' });
  const fault = async (): Promise<boolean> => JSON.stringify(await victim.api.send('GET', '/health/ready')).includes('could not start');
  await eventually('it could not start', fault, 20_000);
  // It looks at the lease four times a second.
  await sleep(1_500);
  heir.start();
  // One epoch was the victim's.
  expect(await lab.owned('heir', 20_000)).toBe(before + 2);
  expect(await fault()).toBe(true);
  await victim.kill();
}, 60_000);

describe('a gateway that dies at', () => {
  it('lease.after-take is followed by another one; there is one owner, by one row, and each call begins and ends once', async () => {
    expect(await diesAt(both, 'lease.after-take', 1)).toBe('EdgeConnected');
  }, 90_000);
});
