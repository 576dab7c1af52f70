import { newId } from '@troncal/kernel';
import { Metrics } from '@troncal/observability';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openServiceDatabase, type ServiceDatabase } from '../../test/service-database.js';
import type { Tx } from '../postgres/tx.js';
import { observeDeadLetters } from './dead-letter-metrics.js';
import type { DeadLetter, GivenUp } from './dead-letter.js';
import { DeadLetters } from './dead-letters.js';

let opened: ServiceDatabase;
let letters: DeadLetters;

beforeAll(async () => {
  opened = await openServiceDatabase();
  letters = new DeadLetters(opened.db);
});
afterAll(() => opened.close());
beforeEach(() => opened.db.run('DELETE FROM dead_letter'));

const givenUp = (fields: Partial<GivenUp> = {}): GivenUp => ({
  handler: 'calls',
  eventId: newId(),
  subject: 'evt.demo.calls.CallStarted.v1',
  stream: 'EVT_CALLS',
  streamSequence: 7,
  publishedAt: new Date('2026-11-21T10:00:00Z'),
  body: Buffer.from('{"ñ":1}'),
  headers: { traceparent: '00-1-2-01' },
  code: 'unknown_campaign',
  error: 'There is no such campaign.',
  tries: 3,
  ...fields,
});
const store = (letter: GivenUp, into = letters): Promise<number> => opened.db.transaction((tx) => into.store(tx, letter));
const newest = async (): Promise<DeadLetter> => {
  const [letter] = await letters.list({ limit: 1 });
  if (!letter) throw new Error('There is no dead letter.');
  return letter;
};
const effect = async (tx: Tx, letter: DeadLetter): Promise<void> => {
  await tx.run(`INSERT INTO idempotency_key (scope, key, request_hash, locked_until) VALUES ('effect', $1, '', now())`, [`${letter.id}/${newId()}`]);
};
const effects = async (id: string): Promise<number> => (await opened.db.query(`SELECT 1 FROM idempotency_key WHERE scope = 'effect' AND key LIKE $1`, [`${id}/%`])).length;

describe('a dead letter', () => {
  it('is stored once however often its event is given up, as it came', async () => {
    const letter = givenUp();
    await store(letter);
    await store({ ...letter, streamSequence: 9, error: 'another' });
    expect(await letters.list({ limit: 10 })).toMatchObject([{ ...letter, tenant: 'demo', eventType: 'CallStarted.v1', state: 'waiting', history: [] }]);
  });

  it('that is no event is told apart by its place', async () => {
    const unreadable = givenUp({ eventId: undefined });
    await letters.storeUnreadable(unreadable);
    await letters.storeUnreadable(unreadable);
    await letters.storeUnreadable({ ...unreadable, streamSequence: 8 });
    expect(await letters.list({ limit: 10 })).toHaveLength(2);
  });

  it('is found by handler, tenant, state and time, the newest first, page by page', async () => {
    for (const handler of ['one', 'two', 'one']) await store(givenUp({ handler }));
    await store(givenUp({ handler: 'one', subject: 'evt._.calls.EdgeLost.v1' }));
    const all = await letters.list({ limit: 10 });
    expect(all.map(({ handler, tenant }) => `${handler} ${tenant}`)).toEqual(['one _', 'one demo', 'two demo', 'one demo']);
    expect(await letters.list({ handler: 'one', tenant: 'demo', limit: 10 })).toHaveLength(2);
    expect(await letters.list({ since: new Date(Date.now() + 60_000), limit: 10 })).toEqual([]);
    expect((await letters.list({ limit: 2, after: all[1]?.id })).map(({ id }) => id)).toEqual([all[2]?.id, all[3]?.id]);
    await letters.discard(all[0]?.id ?? '', 'admin', undefined);
    expect(await letters.list({ state: 'discarded', limit: 10 })).toHaveLength(1);
    expect(await letters.list({ state: 'waiting', limit: 10 })).toHaveLength(3);
  });

  it('takes effect once when several redrive it at once', async () => {
    await store(givenUp());
    const { id } = await newest();
    const answers = await Promise.all(['a', 'b', 'c'].map((key) => letters.redrive(id, key, effect)));
    expect(answers.map(({ state }) => state)).toEqual(['redriven', 'redriven', 'redriven']);
    expect(await effects(id)).toBe(1);
    expect((await newest()).history).toMatchObject([{ act: 'redrive', outcome: 'done' }]);
  });

  it('whose redrive fails waits on, leaves no effect, and tells what was tried', async () => {
    await store(givenUp());
    const { id } = await newest();
    const failing = letters.redrive(id, 'admin', async (tx, letter) => {
      await effect(tx, letter);
      throw new Error('still not');
    });
    await expect(failing).rejects.toThrow('still not');
    for (let time = 0; time < 25; time += 1) await letters.noteFailure(id, 'admin', { code: 'Error', error: `still not ${time}` });
    expect(await effects(id)).toBe(0);
    const letter = await newest();
    expect(letter).toMatchObject({ state: 'waiting', tries: 28, error: 'still not 24' });
    expect(letter.history.map(({ error }) => error)).toEqual(Array.from({ length: 20 }, (_, index) => `still not ${index + 5}`));
  });

  it('that was discarded is not redriven, and the other way round', async () => {
    await store(givenUp());
    const { id } = await newest();
    expect(await letters.discard(id, 'admin', 'a test')).toMatchObject({ state: 'discarded', history: [{ by: 'admin', reason: 'a test' }] });
    expect(await letters.discard(id, 'admin', 'again')).toMatchObject({ history: [{ reason: 'a test' }] });
    await expect(letters.redrive(id, 'admin', effect)).rejects.toMatchObject({ code: 'dead_letter_discarded' });
    await store(givenUp());
    const other = await newest();
    await letters.redrive(other.id, 'admin', effect);
    await expect(letters.discard(other.id, 'admin', undefined)).rejects.toMatchObject({ code: 'dead_letter_redriven' });
    await expect(letters.redrive(newId(), 'admin', effect)).rejects.toMatchObject({ code: 'unknown_dead_letter' });
  });
});

describe('what is kept', () => {
  it('is bounded: settled ones go first, then the oldest', async () => {
    const few = new DeadLetters(opened.db, { most: 3, keepSettledMs: 1000 });
    for (const handler of ['a', 'b', 'c']) expect(await store(givenUp({ handler }), few)).toBe(0);
    const [, middle] = await few.list({ limit: 10 });
    await few.discard(middle?.id ?? '', 'admin', undefined);
    expect(await store(givenUp({ handler: 'd' }), few)).toBe(1);
    expect(await store(givenUp({ handler: 'e' }), few)).toBe(1);
    expect((await few.list({ limit: 10 })).map(({ handler }) => handler)).toEqual(['e', 'd', 'c']);
  });

  it('is forgotten some days after it was settled, or when no one cared for long', async () => {
    for (let count = 0; count < 3; count += 1) await store(givenUp());
    const [settled, forgotten, waiting] = await letters.list({ limit: 3 });
    await letters.discard(settled?.id ?? '', 'admin', undefined);
    await opened.db.run(`UPDATE dead_letter SET settled_at = now() - interval '8 days' WHERE id = $1`, [settled?.id]);
    await opened.db.run(`UPDATE dead_letter SET given_up_at = now() - interval '31 days' WHERE id = $1`, [forgotten?.id]);
    expect(await letters.clean(30 * 86_400_000)).toBe(2);
    expect((await letters.list({ limit: 10 })).map(({ id }) => id)).toEqual([waiting?.id]);
  });

  it('is counted by handler while it waits', async () => {
    const metrics = new Metrics('ticketing');
    observeDeadLetters(letters, metrics);
    await store(givenUp({ handler: 'one' }));
    await store(givenUp({ handler: 'one' }));
    expect(await metrics.text()).toContain('troncal_dead_letters_count{handler="one",service="ticketing"} 2');
    await letters.discard((await newest()).id, 'admin', undefined);
    await letters.discard((await letters.list({ limit: 2 }))[1]?.id ?? '', 'admin', undefined);
    expect(await metrics.text()).not.toContain('handler="one"');
  });
});
