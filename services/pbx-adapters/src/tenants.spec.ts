import { SnapshotV1, TenantCreatedV1, TenantDeletedV1, TenantUpdatedV1, type TenantSnapshot } from '@troncal/contracts';
import { Bus } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { EventSource, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from './index.js';

const logger = createLogger({ service: 'spec', level: 'silent' });
const particulars = { name: 'One', country: 'CL', language: 'es' as const, timeZone: 'America/Santiago' };
const snapshotOf = (tenant: string, revision: number): TenantSnapshot => ({ tenant, ...particulars, name: 'From the snapshot', suspended: false, revision, numbers: [], routes: [], endpoints: [] });

describe('pbx-adapters', () => {
  let under: ServiceUnderTest;
  let provisioning: EventSource;
  let db: Database;
  beforeAll(async () => {
    under = await startUnderTest('pbx-adapters', startService);
    provisioning = await EventSource.open(under.nats, 'provisioning');
    db = new Database({ url: under.database.appUrl, schema: under.database.schema, logger, applicationName: 'spec' });
  });
  afterAll(async () => {
    await db.close();
    await provisioning.close();
    await under.stop();
  });

  const known = (): Promise<{ tenant: string; name: string; removed: boolean; revision: number }[]> => db.query('SELECT tenant, name, removed, revision FROM tenants ORDER BY tenant');
  const told = (tenant: string, revision: number, name?: string): Promise<unknown> => {
    if (revision === 1) return provisioning.publish(TenantCreatedV1, { tenant, subject: tenant, data: { ...particulars, revision } });
    if (name === undefined) return provisioning.publish(TenantDeletedV1, { tenant, subject: tenant, data: { revision } });
    return provisioning.publish(TenantUpdatedV1, { tenant, subject: tenant, data: { ...particulars, name, revision } });
  };

  it('knows the tenants as provisioning tells of them, the highest revision last', async () => {
    await told('changed', 1);
    await told('changed', 3, 'New');
    await told('changed', 2, 'Old news');
    await told('gone', 1);
    await told('gone', 2);
    await told('gone', 1);
    await provisioning.repeatAll();
    await told('last', 1);
    await expect.poll(known, { timeout: 10_000 }).toEqual([
      { tenant: 'changed', name: 'New', removed: false, revision: 3 },
      { tenant: 'gone', name: 'One', removed: true, revision: 2 },
      { tenant: 'last', name: 'One', removed: false, revision: 1 },
    ]);
  });

  it('learns at its start, page by page, of tenants that the stream no longer knows, and loses nothing newer', async () => {
    const bus = new Bus({ ...under.nats.login('provisioning'), logger });
    bus.start();
    const connection = await bus.connection();
    const pages: Record<string, unknown> = {
      '': { tenants: [snapshotOf('ancient', 9), snapshotOf('changed', 2)], next: 'changed' },
      changed: { tenants: [snapshotOf('gone', 1), snapshotOf('older', 4)] },
    };
    // The wire of Transport.NATS: a request holds { pattern, data, id }, its answer { response, isDisposed, id }.
    connection.subscribe(SnapshotV1.subject, {
      callback: (_error, message) => {
        const { id, data } = message.json<{ id: string; data: { after?: string } }>();
        message.respond(JSON.stringify({ id, isDisposed: true, response: { ok: true, data: pages[data.after ?? ''] } }));
      },
    });
    await connection.flush();
    await under.restart();
    await expect.poll(known, { timeout: 10_000 }).toEqual([
      { tenant: 'ancient', name: 'From the snapshot', removed: false, revision: 9 },
      { tenant: 'changed', name: 'New', removed: false, revision: 3 },
      { tenant: 'gone', name: 'One', removed: true, revision: 2 },
      { tenant: 'last', name: 'One', removed: false, revision: 1 },
      { tenant: 'older', name: 'From the snapshot', removed: false, revision: 4 },
    ]);
    await bus.close();
  });

  it('has no API of its own yet, and says so to whoever has a key', async () => {
    expect(await under.api.send('GET', '/api/pbx-connections')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await under.api.withKey(undefined).send('GET', '/api/pbx-connections')).toMatchObject({ status: 401, body: { code: 'no_api_key' } });
  });
});
