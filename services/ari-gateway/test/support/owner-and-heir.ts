import type { SipPhone } from '@troncal/sip-phone';
import { eventually, ReplicaLab, serviceProgram, type GatewayReplica } from '@troncal/testing';
import { expect } from 'vitest';

/** An edge with two gateways, not started yet: the heir, and another one that will own the edge and die. */
export interface OwnerAndHeir {
  readonly lab: ReplicaLab;
  readonly victim: GatewayReplica;
  readonly heir: GatewayReplica;
  readonly phone: SipPhone;
}

export async function openOwnerAndHeir(): Promise<OwnerAndHeir> {
  const lab = await ReplicaLab.open(serviceProgram('ari-gateway'));
  const [victim, heir, phone] = [await lab.gateway('victim'), await lab.gateway('heir'), await lab.phone('201')];
  return { lab, victim, heir, phone };
}

/**
 * The heir owns the edge; the victim becomes the owner and dies at the label: the heir follows it, there is one owner, by one row, and a call begins and ends once.
 * Resolves with the last that was told of the edge.
 * @param taken 1 when the victim's lease stood as it died, so that an epoch is used up
 */
export async function diesAt({ lab, victim, heir, phone }: OwnerAndHeir, label: string, taken: 0 | 1): Promise<string | undefined> {
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
  return events.at(-1);
}
