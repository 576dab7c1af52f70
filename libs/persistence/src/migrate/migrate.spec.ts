import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedPostgres, type TestDatabase } from '@troncal/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../../test/service-database.js';
import { Database } from '../postgres/database.js';
import { migrate } from './migrate.js';

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await (await sharedPostgres()).createDatabase('ticketing');
  folder = mkdtempSync(join(tmpdir(), 'troncal-migrate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, sql: string): void => writeFileSync(join(folder, file), sql);
const run = (): Promise<string[]> =>
  migrate({ ownerUrl: database.ownerUrl, schema: database.schema, appRole: database.appRole, sets: [{ set: 'ticketing', folder }], logger: silent });

async function asApp<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const db = new Database({ url: database.appUrl, schema: database.schema, logger: silent, applicationName: 'spec' });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

describe('migrate', () => {
  it('applies files in order, once, and lets the app role use what they made', async () => {
    write('0001_ticket.sql', 'CREATE TABLE ticket (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);');
    write('0002_subject.sql', 'ALTER TABLE ticket ADD COLUMN subject text;');
    expect(await run()).toEqual(['troncal/0001_outbox_and_inbox.sql', 'troncal/0002_inbox_failures.sql', 'troncal/0003_dead_letters.sql', 'ticketing/0001_ticket.sql', 'ticketing/0002_subject.sql']);
    expect(await run()).toEqual([]);
    write('0003_index.sql', 'CREATE INDEX ticket_subject ON ticket (subject);');
    expect(await run()).toEqual(['ticketing/0003_index.sql']);
    await asApp((db) => db.run(`INSERT INTO ticket (subject) VALUES ('x')`));
  });

  it('refuses a file that was edited after it was applied, by name', async () => {
    write('0001_ticket.sql', 'CREATE TABLE ticket (id bigint);');
    await run();
    write('0001_ticket.sql', 'CREATE TABLE ticket (id text);');
    await expect(run()).rejects.toMatchObject({ code: 'migration_edited', message: expect.stringContaining('ticketing/0001_ticket.sql') });
  });

  it('takes other line ends for no edit', async () => {
    write('0001_ticket.sql', 'CREATE TABLE ticket (\nid bigint);\n');
    await run();
    write('0001_ticket.sql', 'CREATE TABLE ticket (\r\nid bigint);\r\n');
    expect(await run()).toEqual([]);
  });

  it('leaves nothing of a failing file, names it, and can go on once it is mended', async () => {
    write('0001_ticket.sql', 'CREATE TABLE ticket (id bigint); SELECT nonsense;');
    await expect(run()).rejects.toMatchObject({ code: 'migration_failed', message: expect.stringContaining('ticketing/0001_ticket.sql') });
    await expect(asApp((db) => db.query('SELECT * FROM ticket'))).rejects.toThrow(/does not exist/);
    write('0001_ticket.sql', 'CREATE TABLE ticket (id bigint);');
    expect(await run()).toEqual(['ticketing/0001_ticket.sql']);
  });

  it('lets an older release run on a newer schema', async () => {
    write('0001_ticket.sql', 'CREATE TABLE ticket (id bigint);');
    write('0002_later.sql', 'CREATE TABLE later (id bigint);');
    await run();
    rmSync(join(folder, '0002_later.sql'));
    expect(await run()).toEqual([]);
  });

  it('names every file that is out of order', async () => {
    write('0001_a.sql', '');
    write('0003_b.sql', '');
    write('x.sql', '');
    await expect(run()).rejects.toMatchObject({ code: 'bad_migrations', faults: [{ where: '0003_b.sql' }, { where: 'x.sql' }] });
  });

  it('runs once when several replicas start together', async () => {
    write('0001_ticket.sql', 'CREATE TABLE ticket (id bigint); SELECT pg_sleep(0.2);');
    const applied = await Promise.all([run(), run(), run()]);
    expect(applied.flat().toSorted()).toEqual(['ticketing/0001_ticket.sql', 'troncal/0001_outbox_and_inbox.sql', 'troncal/0002_inbox_failures.sql', 'troncal/0003_dead_letters.sql']);
  });
});
