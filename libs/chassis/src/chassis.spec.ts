import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Get, HttpCode, Inject, Injectable, Module, Post } from '@nestjs/common';
import { QueueLeftV1, TicketOpenedV1 } from '@troncal/contracts';
import { createLogger } from '@troncal/observability';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { Database, Outbox } from '@troncal/persistence';
import { startNats, sharedPostgres, type NatsServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { baseEnv } from './base-env.js';
import { Body } from './http/validated.js';
import { runNestService, type RunningService } from './lifecycle/run-nest-service.js';

@Controller('api/notes')
class NotesController {
  constructor(@Inject(Database) private readonly db: Database) {}
  @Post()
  @HttpCode(201)
  async add(@Body(z.object({ text: z.string() })) body: { text: string }): Promise<{ id: number }> {
    const [row] = await this.db.query<{ id: number }>('INSERT INTO note (text) VALUES ($1) RETURNING id', [body.text]);
    return { id: row?.id ?? 0 };
  }
  @Get()
  list(): Promise<object[]> {
    return this.db.query('SELECT id, text FROM note ORDER BY id');
  }
}

@Injectable()
class OnCallEnded {
  @ConsumesEvent(QueueLeftV1)
  async handle(event: ConsumedEvent<typeof QueueLeftV1>, { tx }: Delivery): Promise<void> {
    await tx.run('INSERT INTO note (text) VALUES ($1)', [event.data.callId]);
  }
}

@Module({ controllers: [NotesController], providers: [OnCallEnded] })
class NotesModule {}

const KEY = 'test-key';
const quiet = createLogger({ service: 'spec', level: process.env['SPEC_LOG'] === 'debug' ? 'debug' : 'silent' });
let nats: NatsServer;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  nats = await startNats();
  const pg = await (await sharedPostgres()).createDatabase('ticketing');
  folder = mkdtempSync(join(tmpdir(), 'troncal-chassis-'));
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(join(folder, 'migrations/0001_note.sql'), 'CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL);');
  writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: [{ id: 'k', sha256: createHash('sha256').update(KEY).digest('hex'), tenant: '*', scopes: ['admin'] }] }));
  service = await runNestService(
    { name: 'ticketing', env: baseEnv, migrations: join(folder, 'migrations'), module: NotesModule },
    {
      DATABASE_URL: pg.appUrl,
      DATABASE_OWNER_URL: pg.ownerUrl,
      NATS_URL: nats.url,
      NATS_USER: 'ticketing',
      NATS_PASSWORD: 'ticketing',
      HTTP_PORT: '0',
      API_KEYS_FILE: join(folder, 'keys.json'),
      LOG_LEVEL: 'silent',
    },
    { logger: quiet },
  );
});
afterAll(async () => {
  await service?.close();
  await nats?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${service.url}${path}`, { ...init, headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...init.headers } });

describe('smoke', () => {
  it('is ready', async () => {
    for (let i = 0; i < 50; i++) {
      const r = await ask('/health/ready');
      const b = await r.json();
      if (r.status === 200) return;
      console.log(JSON.stringify(b));
      await new Promise((x) => setTimeout(x, 200));
    }
    throw new Error('not ready');
  });
  it('answers', async () => {
    const r = await ask('/api/notes', { method: 'POST', body: JSON.stringify({ text: 'a' }) });
    console.log(r.status, await r.text());
    for (const init of [{ body: '{bad' }, { body: '{"text":1,"x":2}' }, { body: '{"text":"a","x":2}' }, { body: 'x'.repeat(2_000_000) }, { body: '' }, {headers: {'content-type': 'text/xml'}, body: '<a/>'}, {headers: {origin: 'http://evil'}, body: '{}'}, {headers: {authorization: ''}, body: '{}'}]) {
      const r2 = await ask('/api/notes', { method: 'POST', ...init });
      console.log(r2.status, r2.headers.get('content-type'), await r2.text());
    }
    const r3 = await ask('/nope');
    console.log(r3.status, await r3.text());
    console.log((await (await ask('/metrics')).text()).split('\n').filter((l) => l.includes('troncal_')).join('\n'));
    for (let i = 0; i < 2; i++) {
      const r4 = await ask('/api/notes', { method: 'POST', body: JSON.stringify({ text: 'idem' }), headers: { 'idempotency-key': 'abc' } });
      console.log(r4.status, r4.headers.get('idempotency-replayed'), await r4.text());
    }
    const r5 = await ask('/api/notes', { method: 'POST', body: JSON.stringify({ text: 'other' }), headers: { 'idempotency-key': 'abc' } });
    console.log(r5.status, await r5.text());
  });
});
void Outbox;
void TicketOpenedV1;
