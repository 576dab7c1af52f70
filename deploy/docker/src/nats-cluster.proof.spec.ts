import { TransientError } from '@troncal/kernel';
import { eventually, killServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatsCluster } from '../test/support/nats-cluster.js';

let cluster: NatsCluster;
beforeAll(async () => {
  cluster = await NatsCluster.open();
}, 150_000);
afterAll(() => cluster?.close());

/** No leader in time, or none at all: by the client library's own classes, whatever their texts. */
function nobodyAnswers(error: unknown): boolean {
  const { name, status, cause } = error as { name?: string; status?: number; cause?: unknown };
  return name === 'TimeoutError' || name === 'JetStreamNotEnabled' || status === 503 || (cause !== undefined && nobodyAnswers(cause));
}

describe('a cluster of three', () => {
  it('loses no acknowledged event to kill -9 of the stream\'s leader, and goes on with the other two', async () => {
    for (let n = 0; n < 20; n++) await cluster.published();
    await cluster.allCurrent();
    const before = await cluster.state();
    await killServer(cluster.server(before.leader).child);
    for (let n = 0; n < 20; n++) await cluster.published();
    const after = await eventually('another leads', async () => (await cluster.state()).leader !== before.leader && (await cluster.state()), 30_000);
    expect(after.messages).toBe(before.messages + 20);
    cluster.server(before.leader).child = cluster.server(before.leader).start();
    await cluster.allCurrent();
  }, 150_000);

  it('acknowledges nothing without a majority, and goes on when it is back', async () => {
    const { messages, leader } = await cluster.state();
    const others = cluster.servers.filter(({ name }) => name !== leader);
    await Promise.all(others.map(({ child }) => killServer(child)));
    // A connection that went with its server says nothing of the one that is left.
    const outcome = await eventually('the server that is left is asked', async () => {
      const how = await cluster.publish().then(() => 'acknowledged', (error: unknown) => error as Error);
      return !(how instanceof TransientError && how.code === 'bus_away') && how;
    }, 30_000);
    expect(outcome).toSatisfy(nobodyAnswers);
    for (const other of others) other.child = other.start();
    await cluster.published();
    // The refused one may have been kept by the server that was alone: then it was never acknowledged, and its repetition is dropped by its id.
    expect((await eventually('the stream answers', () => cluster.state(), 30_000)).messages).toBeGreaterThanOrEqual(messages + 1);
  }, 150_000);
});
