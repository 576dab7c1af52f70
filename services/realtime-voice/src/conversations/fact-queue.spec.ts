import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { eventually, startPostgres, type PostgresServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FactQueue } from './fact-queue.js';

const logger = createLogger({ service: 'realtime-voice', level: 'silent' });
let postgres: PostgresServer;
let db: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  const { adminUrl } = await postgres.createDatabase('realtime-voice');
  db = new Database({ url: adminUrl, schema: 'public', logger, applicationName: 'spec', connectTimeoutMs: 500 });
  await db.run('CREATE TABLE journalled (fact_id text PRIMARY KEY, conversation_id text NOT NULL)');
  await db.run('CREATE TABLE said (n integer)');
}, 60_000);
afterAll(async () => {
  await db.close();
  await postgres.stop();
});

const said = async (): Promise<number[]> => (await db.query<{ n: number }>('SELECT n FROM said ORDER BY ctid')).map((row) => row.n);

describe('the facts of a conversation', () => {
  it('wait while the database is away and are written in order, each once, when it is back', async () => {
    const queue = new FactQueue(db, 'c1', logger);
    const say = (n: number): void => queue.add('said', async (tx) => void (await tx.run('INSERT INTO said VALUES ($1)', [n])));
    say(1);
    await queue.settled(5_000);
    await postgres.kill();
    for (let n = 2; n <= 20; n += 1) say(n);
    expect(await queue.settled(300)).toBe(false);
    await postgres.restart();
    expect(await queue.settled(15_000)).toBe(true);
    expect(await said()).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('goes on after a fact that cannot be written', async () => {
    const queue = new FactQueue(db, 'c2', logger);
    await db.run('DELETE FROM said');
    queue.add('bad', () => Promise.reject(new Error('breaks its contract')));
    queue.add('said', async (tx) => void (await tx.run('INSERT INTO said VALUES (7)')));
    expect(await eventually('the second fact', async () => (await said()).includes(7))).toBe(true);
  });

  it('takes a fact for written when the commit’s answer was lost', async () => {
    const queue = new FactQueue(db, 'c3', logger);
    await db.run('DELETE FROM said');
    let runs = 0;
    queue.add('said', async (tx) => {
      runs += 1;
      await tx.run('INSERT INTO said VALUES (1)');
    });
    await queue.settled(5_000);
    const [{ fact_id: factId } = { fact_id: '' }] = await db.query<{ fact_id: string }>("SELECT fact_id FROM journalled WHERE conversation_id = 'c3'");
    const again = await db.run('INSERT INTO journalled VALUES ($1, $2) ON CONFLICT DO NOTHING', [factId, 'c3']);
    expect([runs, again, await said()]).toEqual([1, 0, [1]]);
  });
});
