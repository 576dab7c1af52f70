import { newId } from '@troncal/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatsCluster } from '../test/support/nats-cluster.js';

let cluster: NatsCluster;
beforeAll(async () => {
  cluster = await NatsCluster.open();
}, 150_000);
afterAll(() => cluster?.close());

describe("nats.conf of a cluster, as the overlay prod's setup writes it", () => {
  it('keeps every stream on all three, and knows each service by its password and permissions', async () => {
    await cluster.published();
    const { leader, followers } = await cluster.state();
    expect([leader, ...followers].toSorted()).toEqual(['nats-0', 'nats-1', 'nats-2']);
    await expect(cluster.publisher.publish({ id: newId(), subject: 'evt.acme.calls.CallEnded.v1', payload: '{}', headers: {} })).rejects.toThrow(/Permissions Violation|timeout/i);
  });
});
