import { newId } from '@troncal/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServiceDatabase, type ServiceDatabase } from '../../test/service-database.js';
import type { Tx } from '../postgres/tx.js';
import { Inbox, type Incoming } from './inbox.js';

let opened: ServiceDatabase;
let inbox: Inbox;

beforeAll(async () => {
  opened = await openServiceDatabase();
  inbox = new Inbox(opened.db);
});
afterAll(() => opened.close());

const event = (fields: Partial<Incoming> = {}): Incoming => ({
  consumer: 'ticketing__calls',
  eventId: newId(),
  aggregateKey: `ari-gateway/demo/call/${newId()}`,
  sequence: 1,
  expectedPrior: 0,
  redelivered: false,
  ageMs: 0,
  ...fields,
});
const nothing = (): Promise<void> => Promise.resolve();

// The library's own tables stand in for a service's: the effect is an idempotency key.
const effect = (name: string) => async (tx: Tx): Promise<void> => {
  await tx.run(`INSERT INTO idempotency_key (scope, key, request_hash, locked_until) VALUES ('effect', $1, '', now())`, [name]);
};
const effects = async (name: string): Promise<number> => (await opened.db.query(`SELECT 1 FROM idempotency_key WHERE scope = 'effect' AND key LIKE $1`, [`${name}%`])).length;

describe('an event takes effect once', () => {
  it('per consumer, however often it comes', async () => {
    const one = event();
    expect(await inbox.take(one, effect('once-a'))).toBe('done');
    expect(await inbox.take(one, effect('once-b'))).toBe('duplicate');
    expect(await inbox.take({ ...one, consumer: 'ticketing__other' }, effect('once-c'))).toBe('done');
    expect(await effects('once')).toBe(2);
  });

  it('when two replicas get it at the same moment', async () => {
    const one = event();
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map((name) => inbox.take(one, effect(`race-${name}`))));
    expect(outcomes.toSorted()).toEqual(['done', 'duplicate', 'duplicate', 'duplicate']);
    expect(await effects('race')).toBe(1);
  });

  it('and not at all when the effect fails: the next delivery is a fresh try', async () => {
    const one = event();
    const failing = async (tx: Tx): Promise<void> => {
      await effect('fail-a')(tx);
      throw new Error('no');
    };
    await expect(inbox.take(one, failing)).rejects.toThrow('no');
    expect(await effects('fail')).toBe(0);
    expect(await inbox.take(one, effect('fail-b'))).toBe('done');
  });
});

describe('order within an aggregate', () => {
  it('lets an event wait for the one before it, and no longer', async () => {
    const aggregateKey = newId();
    const first = event({ aggregateKey, sequence: 1 });
    const third = event({ aggregateKey, sequence: 3, expectedPrior: 1 });
    expect(await inbox.take(third, effect('early'))).toBe('early');
    expect(await effects('early')).toBe(0);
    expect(await inbox.admit({ ...third, redelivered: true })).toBe('early');
    expect(await inbox.take(first, nothing)).toBe('done');
    expect(await inbox.admit({ ...third, redelivered: true })).toEqual({ failures: 0, unended: 1 });
    expect(await inbox.take({ ...third, redelivered: true }, nothing)).toBe('done');
  });

  it('gives up waiting for a lost predecessor after a while', async () => {
    const impatient = new Inbox(opened.db, 0);
    const orphan = event({ sequence: 5, expectedPrior: 4 });
    expect(await impatient.take(orphan, nothing)).toBe('early');
    expect(await impatient.take({ ...orphan, redelivered: true }, nothing)).toBe('done');
  });

  it('waits only shortly in a replay, whose earliest events the stream no longer has', async () => {
    const old = event({ sequence: 5, expectedPrior: 4, ageMs: 3_600_000 });
    expect(await inbox.take(old, nothing)).toBe('early');
    await opened.db.run(`UPDATE inbox_attempt SET early_since = now() - interval '6 seconds' WHERE event_id = $1`, [old.eventId]);
    expect(await inbox.take({ ...old, ageMs: 0, redelivered: true }, nothing)).toBe('early');
    expect(await inbox.take({ ...old, redelivered: true }, nothing)).toBe('done');
  });

  it('goes on after an event that was given up', async () => {
    const aggregateKey = newId();
    const poison = event({ aggregateKey, sequence: 1 });
    const next = event({ aggregateKey, sequence: 2, expectedPrior: 1 });
    expect(await inbox.take(next, nothing)).toBe('early');
    expect(await inbox.giveUp(poison, effect('given-up'))).toBe(true);
    expect(await inbox.take(next, nothing)).toBe('done');
    expect(await inbox.take(poison, nothing)).toBe('duplicate');
    expect(await inbox.giveUp(poison, effect('given-up-again'))).toBe(false);
    expect(await effects('given-up')).toBe(1);
  });
});

describe('tries', () => {
  it('that end in an error are told from those that never end', async () => {
    const one = event({ redelivered: true });
    expect(await inbox.admit(one)).toEqual({ failures: 0, unended: 1 });
    expect(await inbox.admit(one)).toEqual({ failures: 0, unended: 2 });
    expect(await inbox.fail(one)).toBe(1);
    expect(await inbox.admit(one)).toEqual({ failures: 1, unended: 1 });
    expect(await inbox.fail(one)).toBe(2);
    expect(await inbox.take(one, nothing)).toBe('done');
    expect(await inbox.admit(one)).toBe('duplicate');
    expect(await opened.db.query('SELECT 1 FROM inbox_attempt WHERE event_id = $1', [one.eventId])).toEqual([]);
  });

  it('do not count the refusals of an early event', async () => {
    const aggregateKey = newId();
    const second = event({ aggregateKey, sequence: 2, expectedPrior: 1, redelivered: true });
    for (let index = 0; index < 5; index += 1) expect(await inbox.admit(second)).toBe('early');
    await inbox.take(event({ aggregateKey, sequence: 1 }), nothing);
    expect(await inbox.admit(second)).toEqual({ failures: 0, unended: 1 });
  });
});

describe('cleaning', () => {
  it('forgets old records only', async () => {
    const [old, fresh] = [event(), event()];
    await inbox.take(old, nothing);
    await inbox.take(fresh, nothing);
    await opened.db.run(`UPDATE inbox SET received_at = now() - interval '60 days' WHERE event_id = $1`, [old.eventId]);
    expect(await inbox.clean(45 * 86_400_000)).toBe(1);
    expect(await inbox.take(fresh, nothing)).toBe('duplicate');
  });
});
