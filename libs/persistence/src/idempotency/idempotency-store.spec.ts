import { newId } from '@troncal/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServiceDatabase, type ServiceDatabase } from '../../test/service-database.js';
import { IdempotencyStore, type IdempotentRequest } from './idempotency-store.js';

let opened: ServiceDatabase;
let store: IdempotencyStore;

beforeAll(async () => {
  opened = await openServiceDatabase();
  store = new IdempotencyStore(opened.db);
});
afterAll(() => opened.close());

const request = (fields: Partial<IdempotentRequest> = {}): IdempotentRequest => ({ scope: 'k POST /api/calls', key: newId(), requestHash: 'h1', ...fields });
const answer = { status: 201, body: '{"id":1}' };

describe('idempotency keys', () => {
  it('give the same request the same answer', async () => {
    const one = request();
    expect(await store.begin(one)).toBeUndefined();
    await store.finish(one, answer);
    expect(await store.begin(one)).toEqual(answer);
    expect(await store.begin({ ...one, scope: 'other POST /api/calls' })).toBeUndefined();
  });

  it('refuse the same key with another request', async () => {
    const one = request();
    await store.begin(one);
    await expect(store.begin({ ...one, requestHash: 'h2' })).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 });
  });

  it('refuse a second request while the first is in work, and let one of many begin', async () => {
    const one = request();
    const outcomes = await Promise.allSettled([store.begin(one), store.begin(one), store.begin(one)]);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({ code: 'request_in_flight', status: 409 });
  });

  it('are free again when released, or when the first request never ended', async () => {
    const one = request();
    await store.begin(one);
    await store.release(one);
    expect(await store.begin(one)).toBeUndefined();
    const impatient = new IdempotencyStore(opened.db, 0);
    const two = request();
    await impatient.begin(two);
    expect(await impatient.begin(two)).toBeUndefined();
  });

  it('keep an answer recorded in the transaction of the effect, though the process never finished', async () => {
    const one = request();
    await store.begin(one);
    await store.within(one, () => opened.db.transaction((tx) => store.record(tx, 201, { id: 7 })));
    expect(await store.begin(one)).toEqual({ status: 201, body: '{"id":7}' });
    await store.release(one);
    expect(await store.begin(one)).toEqual({ status: 201, body: '{"id":7}' });
  });

  it('keep nothing of an effect that was rolled back', async () => {
    const one = request();
    await store.begin(one);
    const work = opened.db.transaction(async (tx) => {
      await store.within(one, () => store.record(tx, 201, {}));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    await expect(store.begin(one)).rejects.toMatchObject({ code: 'request_in_flight' });
  });

  it('are forgotten after a day', async () => {
    const one = request();
    await store.begin(one);
    await opened.db.run(`UPDATE idempotency_key SET created_at = now() - interval '25 hours' WHERE key = $1`, [one.key]);
    expect(await store.clean()).toBe(1);
  });
});
