import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServiceDatabase, silent, type ServiceDatabase } from '../../test/service-database.js';
import { Database } from '../postgres/database.js';
import type { Session } from '../postgres/session.js';
import { prepareSession, UNSENT } from './relay-statements.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}

/** With many more the planner would take the index by itself, if barely. */
const SENT = 6_000;
const WAITING = 3;

let opened: ServiceDatabase;
let session: Session;

/** A table as some seconds of traffic leaves it: everything sent, nothing vacuumed, no statistics. */
beforeAll(async () => {
  opened = await openServiceDatabase('ari-gateway');
  const owner = new Database({ url: opened.test.ownerUrl, schema: opened.test.schema, logger: silent, applicationName: 'owner', poolSize: 1 });
  await owner.run('ALTER TABLE outbox SET (autovacuum_enabled = off)');
  await owner.close();
  const insert = (from: number, to: number): Promise<number> =>
    opened.db.run(
      `INSERT INTO outbox (event_id, aggregate_key, sequence, subject, envelope, headers)
       SELECT 'e' || n, 'a' || n % 50, n, 'evt.demo.calls.DtmfReceived.v1', repeat('x', 500), '{}' FROM generate_series($1::int, $2::int) n`,
      [from, to],
    );
  await insert(1, SENT);
  await opened.db.run('UPDATE outbox SET sent_at = now()');
  await insert(SENT + 1, SENT + WAITING);
  session = await opened.db.session();
  await session.run(`PREPARE unsent AS ${UNSENT.text}`);
  // As the relay's own statement at its first runs.
  await session.run('SET plan_cache_mode = force_custom_plan');
});
afterAll(async () => {
  await session.close();
  await opened.close();
});

async function explain(): Promise<{ readonly nodes: string[]; readonly blocks: number; readonly rows: number }> {
  const [row] = await session.query<{ 'QUERY PLAN': { Plan: Plan & { 'Actual Rows': number } }[] }>('EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE unsent(256)');
  const plan = row?.['QUERY PLAN'][0]?.Plan;
  if (!plan) throw new Error('PostgreSQL explained nothing.');
  const nodes = (one: Plan): string[] => [one['Node Type'], ...(one.Plans ?? []).flatMap(nodes)];
  return { nodes: nodes(plan), blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'], rows: plan['Actual Rows'] };
}

describe('looking for unsent events among thousands of sent ones', () => {
  it('passes over what was sent after having met it once', async () => {
    await prepareSession(session);
    const first = await explain();
    const second = await explain();
    expect([first.rows, second.rows]).toEqual([WAITING, WAITING]);
    for (const node of second.nodes) expect(node).not.toMatch(/Bitmap|Seq Scan|Hash|Merge/);
    // The index has 18 pages (PostgreSQL 18); a bitmap scan looks at each sent row in the table again, 535 pages.
    expect(second.blocks).toBeLessThan(100);
    expect(first.blocks).toBeGreaterThan(300);
  });
});
