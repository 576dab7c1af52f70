import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller, Delete, Get, HttpCode, Inject, Injectable, Module, Post, Req } from '@nestjs/common';
import { QueueLeftV1 } from '@troncal/contracts';
import { PermanentError, TransientError } from '@troncal/kernel';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { Database } from '@troncal/persistence';
import { sharedPostgres, type NatsLogin, type TestDatabase } from '@troncal/testing';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { baseEnv, Body, Caller, CONFIG, Params, Query, requireTenant, runNestService, type CallerFacts, type RunningService } from '../src/index.js';

const noteSchema = z.object({
  text: z.string().max(100),
  tags: z.array(z.object({ name: z.string() })).optional(),
  due: z.discriminatedUnion('kind', [z.object({ kind: z.literal('day'), day: z.iso.date() }), z.object({ kind: z.literal('never') })]).optional(),
});

/** What the addition of a text can be made to wait for, so that a test can look meanwhile. */
export const gates = new Map<string, Promise<void>>();

/** While true the handler refuses what left the queue `refused`. */
const broken = { current: true };

@Controller('api/notes')
class NotesController {
  constructor(
    @Inject(Database) private readonly db: Database,
    @Inject(CONFIG) private readonly config: { readonly GREETING: string },
  ) {}

  @Post()
  @HttpCode(201)
  async add(@Body(noteSchema) body: z.output<typeof noteSchema>): Promise<{ id: number }> {
    const [row] = await this.db.query<{ id: number }>('INSERT INTO note (text) VALUES ($1) RETURNING id', [body.text]);
    await gates.get(body.text);
    return { id: row?.id ?? 0 };
  }

  @Get()
  list(@Query(z.object({ limit: z.coerce.number().int().max(10).default(10) })) query: { limit: number }): Promise<{ text: string }[]> {
    return this.db.query('SELECT text FROM note ORDER BY id LIMIT $1', [query.limit]);
  }

  @Get('greeting')
  greeting(): { greeting: string } {
    return { greeting: this.config.GREETING };
  }

  @Get('of/:tenant')
  ofTenant(@Params(z.object({ tenant: z.string().max(5) })) params: { tenant: string }, @Caller() caller: CallerFacts): { key: string } {
    requireTenant(caller, params.tenant);
    return { key: caller.keyId };
  }

  @Delete(':reason')
  fail(@Params(z.object({ reason: z.enum(['permanent', 'transient', 'unforeseen']) })) { reason }: { reason: string }): never {
    if (reason === 'permanent') throw new PermanentError('note_locked', 'The note is locked.', { status: 409, remedy: 'Unlock it first.' });
    if (reason === 'transient') throw new TransientError('printer_busy', 'The printer is busy.');
    throw new Error('password hunter2');
  }
}

@Controller('hooks')
class HooksController {
  @Post('open')
  open(): { ok: true } {
    return { ok: true };
  }

  @Post('raw')
  raw(@Req() { body }: FastifyRequest): { hex: string | null } {
    return { hex: Buffer.isBuffer(body) ? body.toString('hex') : null };
  }
}

@Injectable()
class OnQueueLeft {
  @ConsumesEvent(QueueLeftV1)
  async handle(event: ConsumedEvent<typeof QueueLeftV1>, { tx }: Delivery): Promise<void> {
    await tx.run('INSERT INTO note (text) VALUES ($1)', [`left ${event.subject}`]);
    if (event.data.queue === 'refused' && broken.current) throw new PermanentError('notes_closed', 'The notebook is closed.');
  }
}

@Module({ controllers: [NotesController, HooksController], providers: [OnQueueLeft] })
class NotesModule {}

/** A small service with a database of its own, in this process. */
export interface NotesService {
  readonly service: RunningService;
  readonly database: TestDatabase;
  /** A request with the administrator's key; `init` may say otherwise. */
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** Adds or replaces a key in the file that the service reads. */
  readonly writeKeys: (keys: Readonly<Record<string, string>>, scopes?: Readonly<Record<string, readonly string[]>>) => void;
  /** From now on the handler takes what it refused. */
  readonly mend: () => void;
  readonly ready: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

const env = baseEnv.extend({ GREETING: z.string().default('hola') });

/** Starts it and returns at once; see `ready`. `keys`: key to tenant. */
export async function startNotes(nats: NatsLogin, options: { readonly database?: TestDatabase; readonly env?: Readonly<Record<string, string>>; readonly keys?: Readonly<Record<string, string>> } = {}): Promise<NotesService> {
  const database = options.database ?? (await (await sharedPostgres()).createDatabase('ticketing'));
  const folder = mkdtempSync(join(tmpdir(), 'troncal-notes-'));
  mkdirSync(join(folder, 'migrations'));
  writeFileSync(join(folder, 'migrations/0001_note.sql'), 'CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL);');
  broken.current = true;
  const writeKeys = (keys: Readonly<Record<string, string>>, scopes: Readonly<Record<string, readonly string[]>> = {}): void => {
    const entries = Object.entries({ admin: '*', ...keys }).map(([key, tenant]) => ({ id: `id-of-${key}`, sha256: createHash('sha256').update(key).digest('hex'), tenant, scopes: scopes[key] ?? ['*'] }));
    writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys: entries }));
  };
  writeKeys(options.keys ?? {});
  const service = await runNestService(
    { name: 'ticketing', env, migrations: join(folder, 'migrations'), module: NotesModule, publicPaths: ['/hooks/*'], rawBodyPaths: ['/hooks/raw'], schemaFreePaths: ['/hooks/*'], bodyLimit: 10_000 },
    {
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      NATS_URL: nats.url,
      NATS_USER: nats.user,
      NATS_PASSWORD: nats.password,
      HTTP_PORT: '0',
      API_KEYS_FILE: join(folder, 'keys.json'),
      ALLOWED_ORIGINS: 'http://console.example',
      LOG_LEVEL: 'silent',
      PROCESS_METRICS: 'false',
      ...options.env,
    },
    { ackWaitMs: 1_000 },
  );
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers({ authorization: 'Bearer admin', ...(init.body != null && { 'content-type': 'application/json' }) });
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    return fetch(`${service.url}${path}`, { ...init, headers });
  };
  return {
    service,
    database,
    ask,
    writeKeys,
    mend: () => (broken.current = false),
    ready: async () => (await fetch(`${service.url}/health/ready`)).status === 200,
    close: async () => {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
