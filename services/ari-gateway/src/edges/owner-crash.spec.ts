import { setTimeout as sleep } from 'node:timers/promises';
import type { SipPhone } from '@troncal/sip-phone';
import { eventually, ReplicaLab, serviceProgram, type GatewayReplica } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let lab: ReplicaLab;
let victim: GatewayReplica;
let heir: GatewayReplica;
let phone: SipPhone;

beforeAll(async () => {
  lab = await ReplicaLab.open(serviceProgram('ari-gateway'));
  [victim, heir, phone] = [await lab.gateway('victim'), await lab.gateway('heir'), await lab.phone('201')];
  heir.start();
  await lab.owned('heir', 40_000);
}, 120_000);
afterAll(() => lab?.close());

/** Every label of an owner's life. `taken`: the victim's lease stood when it died, so that an epoch is used up. */
const DEATHS = [
  { label: 'lease.before-take', taken: 0 },
  { label: 'lease.after-take', taken: 1 },
  { label: 'edge.before-own', taken: 1 },
  { label: 'lease.after-renew', taken: 1 },
  { label: 'lease.before-release', taken: 1 },
];

describe('a gateway that dies at', () => {
  it.each(DEATHS)('$label is followed by another one; there is one owner, by one row, and each call begins and ends once', async ({ label, taken }) => {
    const before = (await lab.owner())?.epoch ?? 0;
    const told = (await lab.events(lab.edgeId)).length;
    // It stands by, with whatever it had when it died last.
    victim.start({ CRASH_AT: label });
    await victim.ready();
    expect(await lab.owner()).toMatchObject({ holder: 'heir', epoch: before, state: 'connected' });
    await heir.end();
    if (label === 'lease.before-release') {
      await lab.owned('victim');
      victim.signal('SIGTERM');
    }
    expect(await victim.died()).toBe('SIGKILL');

    heir.start();
    expect(await lab.owned('heir', 40_000)).toBe(before + taken + 1);
    const call = await phone.call('150');
    await call.answered();
    const callId = await lab.liveCall();
    await call.hangup();
    await eventually('it has ended', async () => (await lab.events(callId)).includes('CallEnded'), 15_000);
    expect(await lab.events(callId)).toEqual(['CallStarted', 'CallAnswered', 'CallEnded']);
    expect(await lab.db.query('SELECT edge_id AS "edgeId", holder, state, epoch FROM edges')).toEqual([{ edgeId: lab.edgeId, holder: 'heir', state: 'connected', epoch: before + taken + 1 }]);
    const events = (await lab.events(lab.edgeId)).slice(told);
    expect(events.filter((type) => type === 'EdgeConnected').length).toBeLessThanOrEqual(taken + 1);
    expect(events.at(-1)).toBe('EdgeConnected');
  }, 90_000);

  it('the same time as its Asterisk is followed by one that tells what it could not tell: the edge is lost, once', async () => {
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

it('a gateway that can’t start gives the edge up that it had won, and says why it serves nobody', async () => {
  await victim.end();
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
}, 60_000);
