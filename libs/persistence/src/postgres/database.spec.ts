import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { TransientError } from '@troncal/kernel';
import { eventually, startPostgres, type PostgresServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServiceDatabase, silent, type ServiceDatabase } from '../../test/service-database.js';
import { Database } from './database.js';
import { brokenConstraint } from './database-errors.js';
import type { Tx } from './tx.js';

let server: PostgresServer;
let opened: ServiceDatabase;
let db: Database;

beforeAll(async () => {
  server = await startPostgres();
  opened = await openServiceDatabase('ticketing', server);
  db = opened.db;
  const owner = new Database({ url: opened.test.ownerUrl, schema: 'ticketing', logger: silent, applicationName: 'owner' });
  await owner.run('CREATE TABLE thing (id bigint PRIMARY KEY, day date, at timestamptz DEFAULT now())');
  await owner.close();
});
afterAll(async () => {
  await opened?.close();
  await server?.stop();
});

const count = async (): Promise<number> => (await db.query<{ n: number }>('SELECT count(*) AS n FROM thing'))[0]?.n ?? -1;

describe('idle connections', () => {
  it('are kept as many as told, and there before the first work', async () => {
    const warm = new Database({ url: opened.test.appUrl, schema: 'ticketing', logger: silent, applicationName: 'warm', poolSize: 5, keepOpen: 2, idleMs: 1_000 });
    await warm.warm();
    expect(warm.load()).toMatchObject({ total: 2, idle: 2 });
    await Promise.all(Array.from({ length: 5 }, () => warm.query('SELECT pg_sleep(0.1)')));
    expect(warm.load().total).toBe(5);
    await eventually('those above are closed', () => warm.load().total === 2);
    const asked = Array.from({ length: 7 }, () => warm.query('SELECT 1'));
    expect(warm.load().waiting).toBe(2);
    await Promise.all(asked);
    await warm.close();
  });
});

describe('a connection that PostgreSQL ends in the moment in which it is handed over', () => {
  it('costs its caller that statement, and not the process', async () => {
    // Holds what the server says back from the first ReadyForQuery on, until the server has closed: both arrive as one piece, as they do where the machine is busy.
    const relay = createServer((near) => {
      const far = connect(Number(new URL(opened.test.appUrl).port), '127.0.0.1');
      const held: Buffer[] = [];
      near.on('error', () => {});
      near.pipe(far).on('error', () => {});
      far.on('data', (bytes: Buffer) => void (held.length > 0 || bytes.includes('Z\0\0\0\x05I') ? held.push(bytes) : near.write(bytes)));
      far.on('end', () => near.end(Buffer.concat(held)));
    });
    await once(relay.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(opened.test.appUrl);
    url.port = String((relay.address() as AddressInfo).port);
    const late = new Database({ url: url.href, schema: 'ticketing', logger: silent, applicationName: 'late', poolSize: 1 });
    const uncaught: Error[] = [];
    const note = (error: Error): void => void uncaught.push(error);
    process.on('uncaughtException', note);
    try {
      const work = late.transaction((tx) => tx.query('SELECT 1'));
      work.catch(() => {});
      await eventually('it is ended', async () => (await db.query<{ ended: boolean }>("SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE application_name = 'late' AND state = 'idle'")).length > 0);
      await expect(work).rejects.toMatchObject({ code: 'database_away' });
      expect(uncaught).toEqual([]);
    } finally {
      process.off('uncaughtException', note);
      await late.close();
      relay.close();
    }
  });
});

describe('a transaction', () => {
  it('commits when the work returns, and then tells', async () => {
    const told: string[] = [];
    await db.transaction(async (tx) => {
      await tx.run('INSERT INTO thing (id) VALUES (1)');
      tx.onCommit(() => told.push('committed'));
      expect(told).toEqual([]);
    });
    expect(told).toEqual(['committed']);
    expect(await count()).toBe(1);
  });

  it('rolls back when the work throws, and tells nobody', async () => {
    const told: string[] = [];
    const work = db.transaction(async (tx) => {
      await tx.run('INSERT INTO thing (id) VALUES (2)');
      tx.onCommit(() => told.push('committed'));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(told).toEqual([]);
    expect(await count()).toBe(1);
  });

  it('is not taken for committed when a swallowed error had spoilt it', async () => {
    const work = db.transaction(async (tx) => {
      await tx.run('INSERT INTO thing (id) VALUES (3)');
      await tx.run('INSERT INTO thing (id) VALUES (3)').catch(() => {});
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await count()).toBe(1);
  });

  it('takes no statement after its end: it would run in whatever has the connection next', async () => {
    const late: Promise<unknown>[] = [];
    const gate = Promise.withResolvers<void>();
    const insertWhenOver = (tx: Tx, id: number): void => {
      const statement = gate.promise.then(() => tx.run('INSERT INTO thing (id) VALUES ($1)', [id]));
      statement.catch(() => {});
      late.push(statement);
    };
    await db.transaction(async (tx) => insertWhenOver(tx, 4));
    await expect(
      db.transaction(async (tx) => {
        insertWhenOver(tx, 5);
        throw new Error('given up');
      }),
    ).rejects.toThrow('given up');
    gate.resolve();
    for (const statement of late) await expect(statement).rejects.toThrow('is over');
    expect(await count()).toBe(1);
  });

  it('that stands still is ended by the server, and its locks with it', async () => {
    const frozen = new Database({ url: opened.test.appUrl, schema: 'ticketing', logger: silent, applicationName: 'frozen', poolSize: 1, idleInTransactionMs: 200 });
    await db.run('INSERT INTO thing (id) VALUES (6)');
    const woken = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const work = frozen.transaction(async (tx) => {
      await tx.run('DELETE FROM thing WHERE id = 6');
      locked.resolve();
      await woken.promise;
      await tx.run('INSERT INTO thing (id) VALUES (7)');
    });
    await locked.promise;
    await db.run('DELETE FROM thing WHERE id = 6');
    woken.resolve();
    await expect(work).rejects.toMatchObject({ code: 'database_away' });
    expect(await frozen.ping()).toBe(true);
    expect(await count()).toBe(1);
    await frozen.close();
  });

  it('is run again after a deadlock', async () => {
    await db.run('INSERT INTO thing (id) VALUES (10), (11)');
    let tries = 0;
    const both = Promise.withResolvers<void>();
    let arrived = 0;
    const lock = (first: number, second: number): Promise<void> =>
      db.transaction(async (tx) => {
        tries += 1;
        await tx.run('UPDATE thing SET at = now() WHERE id = $1', [first]);
        arrived += 1;
        if (arrived === 2) both.resolve();
        await both.promise;
        await tx.run('UPDATE thing SET at = now() WHERE id = $1', [second]);
      });
    await Promise.all([lock(10, 11), lock(11, 10)]);
    expect(tries).toBeGreaterThan(2);
  });
});

describe('values', () => {
  it('come as numbers, dates as text, instants as Date; a bigint that fits no number is refused', async () => {
    const [row] = await db.query(`SELECT 9007199254740991::bigint AS big, '2026-02-28'::date AS day, '2026-02-28T12:00:00Z'::timestamptz AS at`);
    expect(row).toEqual({ big: Number.MAX_SAFE_INTEGER, day: '2026-02-28', at: new Date('2026-02-28T12:00:00Z') });
    await expect(db.query('SELECT 9007199254740993::bigint AS big')).rejects.toThrow(/doesn't fit/);
  });

  it('name the constraint they broke', async () => {
    const error: unknown = await db.run('INSERT INTO thing (id) VALUES (1)').catch((caught: unknown) => caught);
    expect(brokenConstraint(error)).toBe('thing_pkey');
    expect(brokenConstraint(new Error('other'))).toBeUndefined();
  });
});

describe('work that is done by one at a time', () => {
  it('is left by whoever comes while it is done, unless it has another name, and done again afterwards', async () => {
    const done: string[] = [];
    const work = (name: string, what: string, within = async (): Promise<void> => {}): Promise<void> => db.tryExclusively(name, async () => {
      done.push(what);
      await within();
    });
    await work('one', 'first', () => work('one', 'meanwhile').then(() => work('other', 'beside')));
    await expect(work('one', 'fails', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await work('one', 'again');
    expect(done).toEqual(['first', 'beside', 'fails', 'again']);
  });
});

describe('roles', () => {
  it('let the service read and write rows, and own nothing', async () => {
    await expect(db.run('DROP TABLE thing')).rejects.toThrow(/must be owner/);
    await expect(db.run('CREATE TABLE mine (id int)')).rejects.toThrow(/permission denied/);
    await expect(db.run(`UPDATE schema_migration SET checksum = 'x'`)).rejects.toThrow(/permission denied/);
  });
});

describe('PostgreSQL killed and back', () => {
  it('makes calls fail as transient meanwhile, and work again afterwards', async () => {
    const session = await db.session();
    await db.ping();
    await server.kill();
    await session.ended();
    const error: unknown = await db.query('SELECT 1').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ code: 'database_away' });
    await expect(db.transaction((tx) => tx.run('SELECT 1'))).rejects.toMatchObject({ code: 'database_away' });
    await server.restart();
    await eventually('the pool works again', () => db.ping());
    expect(session.alive).toBe(false);
  });
});
