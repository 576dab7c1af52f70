import { randomBytes } from 'node:crypto';
import { putEdgeSchema } from '@troncal/contracts';
import { parseKeyRing, SecretVault } from '@troncal/persistence';
import { sharedPostgres } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGatewayDatabase, type GatewayDatabase } from '../../test/support/gateway-database.js';
import { EdgeDeclarations } from './edge-declarations.js';
import { PgEdgeRepository } from './edge.repository.pg.js';

let database: GatewayDatabase;
const keys = randomBytes(32).toString('hex');
const declarations = (text = keys): EdgeDeclarations => new EdgeDeclarations(database.db, new SecretVault(parseKeyRing(text)));
const HOLDER = { name: 'a', url: 'http://a', declared: true };
const edge = putEdgeSchema.parse({ ari: { url: 'http://10.0.0.5:8088' } });

beforeAll(async () => {
  database = await openGatewayDatabase(await sharedPostgres());
});
afterAll(() => database.db.close());

describe('declared edges', () => {
  it('get passwords of their own, which are kept over a change and told to nobody by the database', async () => {
    const first = await declarations().put('edge-2', edge);
    expect(first).toMatchObject({ made: true, view: { edgeId: 'edge-2', ami: { host: '10.0.0.5', port: 5038, user: 'ari-gateway' }, media: 'websocket', revision: 1 } });
    expect(first.ariPassword).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(first.amiPassword).not.toBe(first.ariPassword);
    const changed = await declarations().put('edge-2', { ...edge, media: 'audiosocket', audiosocketAddress: '10.0.0.9:9019' });
    expect(changed).toMatchObject({ made: false, ariPassword: first.ariPassword, view: { media: 'audiosocket', audiosocketAddress: '10.0.0.9:9019', revision: 2 } });
    const rows = JSON.stringify(await database.db.query('SELECT * FROM edge_declarations'));
    for (const secret of [first.ariPassword, first.amiPassword]) expect(rows).not.toContain(secret);
    expect(await declarations().ids()).toContainEqual({ edgeId: 'edge-2', revision: 2 });
  });

  it('get new ones by rotation', async () => {
    const before = await declarations().put('edge-3', edge);
    const after = await declarations().rotate('edge-3');
    expect(after).toMatchObject({ view: { edgeId: 'edge-3', revision: 2 } });
    expect(after?.ariPassword).not.toBe(before.ariPassword);
    expect(await declarations().find('edge-3')).toMatchObject({ amiPassword: after?.amiPassword });
    expect(await declarations().rotate('nowhere')).toBeUndefined();
  });

  it('keep the passwords that they are given', async () => {
    const given = putEdgeSchema.parse({ ari: { url: 'http://10.0.0.6', password: 'a'.repeat(20) }, ami: { host: '10.0.0.7', password: 'b'.repeat(20) } });
    expect(await declarations().put('edge-4', given)).toMatchObject({ made: true, ariPassword: 'a'.repeat(20), amiPassword: 'b'.repeat(20), view: { ami: { host: '10.0.0.7' } } });
  });

  it('do not open with another key, nor in another edge’s row', async () => {
    await declarations().put('edge-5', edge);
    await expect(declarations(randomBytes(32).toString('hex')).find('edge-5')).rejects.toMatchObject({ code: 'credential_key_missing' });
    await declarations().put('edge-6', edge);
    await database.db.run(`UPDATE edge_declarations SET ari_password = (SELECT ari_password FROM edge_declarations WHERE edge_id = 'edge-5') WHERE edge_id = 'edge-6'`);
    await expect(declarations().find('edge-6')).rejects.toMatchObject({ code: 'credential_damaged' });
  });

  it('need a key', async () => {
    await expect(new EdgeDeclarations(database.db, undefined).put('edge-7', edge)).rejects.toMatchObject({ code: 'no_edge_key' });
  });

  it('are listed before anybody owns them, and belong to nobody when nobody declared them', async () => {
    const edges = new PgEdgeRepository(database.db);
    await declarations().put('edge-8', edge);
    expect(await edges.list()).toContainEqual(expect.objectContaining({ edgeId: 'edge-8', state: 'declared', holder: null, epoch: 0 }));
    expect(await edges.own({ edgeId: 'edge-8', epoch: 1 }, HOLDER)).toBe('declared');
    expect(await edges.own({ edgeId: 'undeclared', epoch: 1 }, HOLDER)).toBeUndefined();
    expect(await edges.own({ edgeId: 'of-settings', epoch: 1 }, { ...HOLDER, declared: false })).toBe('declared');
  });
});

describe('a removal', () => {
  it('leaves the edge to nobody: who owned it is fenced, who comes late can’t own it, and what either still writes brings it back to no list', async () => {
    const edges = new PgEdgeRepository(database.db);
    await declarations().put('edge-9', edge);
    await edges.own({ edgeId: 'edge-9', epoch: 5 }, HOLDER);
    await database.db.transaction(async (tx) => {
      await edges.put(tx, { edgeId: 'edge-9', state: 'connected', reason: null, version: '22' });
      await edges.putRegistration(tx, 'edge-9', { sipUser: 'demo_201', contacts: 1, userAgent: null });
    });
    expect(await database.db.transaction((tx) => edges.remove(tx, 'edge-9'))).toEqual({ wasConnected: true, sipUsers: ['demo_201'] });
    expect(await declarations().find('edge-9')).toBeUndefined();
    expect(await edges.homesOf('demo_201')).toEqual([]);
    expect(await database.db.transaction((tx) => edges.owns(tx, { edgeId: 'edge-9', epoch: 5 }))).toBe(false);
    expect(await edges.own({ edgeId: 'edge-9', epoch: 7 }, HOLDER)).toBeUndefined();
    await database.db.transaction((tx) => edges.put(tx, { edgeId: 'edge-9', state: 'lost', reason: 'shutdown', version: null }));
    expect((await edges.list()).map((row) => row.edgeId)).not.toContain('edge-9');
    // Declared again it goes on from there: its Asterisk may remember the last owner.
    expect(await edges.epoch('edge-9')).toBe(6);
    await declarations().put('edge-9', edge);
    expect(await edges.own({ edgeId: 'edge-9', epoch: 7 }, HOLDER)).toBe('declared');
  });

  it('can’t be made while a call is live on it', async () => {
    const edges = new PgEdgeRepository(database.db);
    await declarations().put('edge-10', edge);
    await edges.own({ edgeId: 'edge-10', epoch: 1 }, HOLDER);
    await database.db.run(
      `INSERT INTO calls (call_id, version, tenant, edge_id, epoch, state, started_at, document) VALUES (gen_random_uuid(), 1, 'demo', 'edge-10', 1, 'answered', now(), '{}')`,
    );
    expect(await database.db.transaction((tx) => edges.remove(tx, 'edge-10'))).toBeUndefined();
    expect(await declarations().find('edge-10')).toBeDefined();
    expect(await database.db.transaction((tx) => edges.owns(tx, { edgeId: 'edge-10', epoch: 1 }))).toBe(true);
  });
});
