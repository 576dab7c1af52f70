/**
 * A whole small service in a process of its own, for the crash tests, which kill it at a label (CRASH_AT) and start it again. Plain
 * functions stand in for decorators, and its packages are taken as they were compiled.
 */
import { flushCompileCache } from 'node:module';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { baseEnv, runMain, runNestService } from '@troncal/chassis';
import { QueueLeftV1, TicketOpenedV1 } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { Database, IdempotencyStore, Outbox, type Tx } from '@troncal/persistence';

const effect = (tx: Tx, name: string): Promise<number> => tx.run('INSERT INTO effect (name) VALUES ($1)', [name]);

class OnQueueLeft {
  outbox: Outbox;
  constructor(outbox: Outbox) {
    this.outbox = outbox;
  }

  /** The queue's name says what becomes of the event. */
  async handle(event: ConsumedEvent<typeof QueueLeftV1>, { tx, attempt }: Delivery): Promise<void> {
    await effect(tx, `${event.subject} ${event.sequence}`);
    if (event.data.queue === 'poison') throw new PermanentError('poison', 'Never.');
    // Given up at the first try, fails at the first redrive, works at the second.
    if (event.data.queue === 'held' && attempt === 1) throw new PermanentError('held', 'Not before it is redriven.');
    if (event.data.queue === 'held' && attempt === 2) throw new Error('Not at the first redrive.');
    if (event.data.queue === 'flaky' && attempt === 1) throw new Error('Not at the first try.');
    const ticket = TicketOpenedV1.schema.parse(TicketOpenedV1.example) as never;
    await this.outbox.emit(tx, TicketOpenedV1, { tenant: event.tenantid, subject: event.id, data: ticket });
  }
}

class EffectsController {
  db: Database;
  idempotency: IdempotencyStore;
  constructor(db: Database, idempotency: IdempotencyStore) {
    this.db = db;
    this.idempotency = idempotency;
  }

  add(body: { readonly name: string }): Promise<{ readonly done: string }> {
    return this.db.transaction(async (tx) => {
      await effect(tx, body.name);
      await this.idempotency.record(tx, 201, { done: body.name });
      return { done: body.name };
    });
  }
}

function descriptorOf<T extends object, K extends keyof T & string>(prototype: T, key: K): TypedPropertyDescriptor<T[K]> {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, key);
  if (!descriptor) throw new Error(`No method ${key}.`);
  return descriptor;
}

Inject(Outbox)(OnQueueLeft, undefined, 0);
ConsumesEvent(QueueLeftV1, { backoffMs: [100, 100, 100, 100] })(OnQueueLeft.prototype, 'handle', descriptorOf(OnQueueLeft.prototype, 'handle'));
Controller('api/effects')(EffectsController);
Inject(Database)(EffectsController, undefined, 0);
Inject(IdempotencyStore)(EffectsController, undefined, 1);
Post()(EffectsController.prototype, 'add', descriptorOf(EffectsController.prototype, 'add'));
Body()(EffectsController.prototype, 'add', 0);

class App {}
const module = { module: App, controllers: [EffectsController], providers: [OnQueueLeft] };
const migrations = process.env['SPEC_MIGRATIONS'] ?? '';
// Node writes what it has compiled when a process ends by itself, which this one does not.
flushCompileCache();
await runMain((env) => runNestService({ name: 'ticketing', env: baseEnv, migrations, module }, env, { ackWaitMs: 1_000, inFlightMs: 3_000 }), process.env);
