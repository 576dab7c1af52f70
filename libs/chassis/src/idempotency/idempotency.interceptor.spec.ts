import type { ExecutionContext } from '@nestjs/common';
import { TransientError } from '@troncal/kernel';
import { createLogger } from '@troncal/observability';
import { Database, IdempotencyStore, migrate, type IdempotentRequest, type StoredAnswer } from '@troncal/persistence';
import { eventually, sharedPostgres } from '@troncal/testing';
import { firstValueFrom, of, type Observable } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

const logger = createLogger({ service: 'testing', level: 'silent' });
let db: Database;
beforeAll(async () => {
  const database = await (await sharedPostgres()).createDatabase('ticketing');
  await migrate({ ownerUrl: database.ownerUrl, schema: database.schema, appRole: database.appRole, sets: [], logger });
  db = new Database({ url: database.appUrl, schema: database.schema, logger, applicationName: 'tests' });
});
afterAll(() => db?.close());

/** The database goes away after the effect and before the answer is noted. */
class CutOffStore extends IdempotencyStore {
  cuts = 2;
  override async finish(request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
    if (this.cuts > 0) {
      this.cuts -= 1;
      throw new TransientError('database_away', 'The database is away.');
    }
    await super.finish(request, answer);
  }
}

const host = {
  getType: () => 'http',
  getHandler: () => () => {},
  switchToHttp: () => ({
    getRequest: () => ({ method: 'POST', url: '/api/calls', body: { to: '201' }, headers: { 'idempotency-key': 'key-1' }, routeOptions: { url: '/api/calls' } }),
    getResponse: () => ({ statusCode: 201, status: () => ({ header: () => {} }) }),
  }),
} as unknown as ExecutionContext;

it('what was done is not done again though the note of it was late', async () => {
  const store = new CutOffStore(db);
  const interceptor = new IdempotencyInterceptor(store);
  let done = 0;
  const handler = { handle: (): Observable<unknown> => of({ call: (done += 1) }) };
  const ask = (): Promise<unknown> => firstValueFrom(interceptor.intercept(host, handler));
  expect(await ask()).toEqual({ call: 1 });
  await expect(ask()).rejects.toMatchObject({ code: 'request_in_flight' });
  expect(await eventually('the answer is noted', () => ask().catch(() => undefined))).toEqual({ call: 1 });
  expect(done).toBe(1);
});
