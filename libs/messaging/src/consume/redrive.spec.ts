import { Injectable } from '@nestjs/common';
import { jetstream } from '@nats-io/jetstream';
import { CallAnsweredV1, CallStartedV1, type EventOf } from '@troncal/contracts';
import { newCallId, newId, PermanentError } from '@troncal/kernel';
import { currentContext } from '@troncal/observability';
import { DeadLetters, type DeadLetter } from '@troncal/persistence';
import { eventually } from '@troncal/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BusLab, type ConsumingApp } from '../../test/bus-lab.js';
import { ConsumesEvent, ConsumesEvents, type ConsumedEvent, type Delivery } from './consumes-event.js';

type Behaviour = (event: EventOf<unknown>, delivery: Delivery) => Promise<void> | void;
let behave: Behaviour;

@Injectable()
class ProjectCalls {
  @ConsumesEvents([CallStartedV1, CallAnsweredV1], { backoffMs: [] })
  async handle(event: ConsumedEvent<typeof CallStartedV1 | typeof CallAnsweredV1>, delivery: Delivery): Promise<void> {
    await delivery.tx.run('INSERT INTO effect (name, attempt) VALUES ($1, $2)', [`calls ${event.sequence}`, delivery.attempt]);
    await behave(event, delivery);
  }
}

@Injectable()
class OnCallStarted {
  @ConsumesEvent(CallStartedV1)
  async handle(_event: ConsumedEvent<typeof CallStartedV1>, { tx }: Delivery): Promise<void> {
    await tx.run(`INSERT INTO effect (name, attempt) VALUES ('another handler', 1)`);
  }
}

const broken = (): never => {
  throw new PermanentError('unknown_campaign', 'There is no such campaign.');
};

let lab: BusLab;
let app: ConsumingApp;
let letters: DeadLetters;
beforeAll(async () => {
  lab = await BusLab.open();
});
afterAll(() => lab?.close());
beforeEach(async () => {
  behave = broken;
  app = await lab.run('collections-dialer', await lab.database('collections-dialer'), [ProjectCalls, OnCallStarted]);
  letters = new DeadLetters(app.db);
});
afterEach(async () => {
  await app.close();
  for (const handler of ['calls', 'on-call-started']) await lab.manager.consumers.delete('EVT_CALLS', `collections-dialer__${handler}`).catch(() => {});
  await lab.manager.streams.purge('EVT_CALLS');
});

const theLetter = (): Promise<DeadLetter> => eventually('the dead letter', async () => (await letters.list({ limit: 1 }))[0]);
const given = async (): Promise<DeadLetter> => {
  await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
  const letter = await theLetter();
  await eventually('the other handler has taken it', async () => (await lab.effects(app)).includes('another handler'));
  return letter;
};

/** A letter whose event this version can read, and the one that gave it up could not. */
async function unreadableBefore(call: string): Promise<DeadLetter> {
  await jetstream(lab.admin).publish('evt.demo.calls.CallStarted.v1', 'no json {');
  const letter = await eventually('the dead letter', async () => (await letters.list({ limit: 1, handler: 'calls' }))[0]);
  const envelope = {
    specversion: '1.0', id: newId(), type: CallStartedV1.type, source: 'ari-gateway', time: new Date().toISOString(), subject: call, sequence: 1, tenantid: 'demo', correlationid: call,
    datacontenttype: 'application/json', data: CallStartedV1.example,
  };
  await app.db.run('UPDATE dead_letter SET body = $2 WHERE id = $1', [letter.id, Buffer.from(JSON.stringify(envelope))]);
  return { ...letter, body: Buffer.from(JSON.stringify(envelope)) };
}

const callsEffects = async (): Promise<string[]> => (await lab.effects(app)).filter((name) => name.startsWith('calls'));

describe('redriving what could not be read when it came, and can be now', () => {
  beforeEach(() => {
    behave = () => {};
  });

  it('takes effect once, also when its message comes again afterwards, and lets its successors go', async () => {
    const call = newCallId();
    const letter = await unreadableBefore(call);
    await lab.send(CallAnsweredV1, { subject: call, sequence: 2, prior: { 'CallStarted.v1': 1 } });
    expect(await app.redrive.run(letter.id, 'admin')).toMatchObject({ state: 'redriven' });
    await eventually('its successor has taken effect', async () => (await callsEffects()).includes('calls 2'));
    // As a message comes again whose end was lost on the way to the bus.
    await jetstream(lab.admin).publish(letter.subject, letter.body, { msgID: newId() });
    await lab.send(CallAnsweredV1, { subject: call, sequence: 3, prior: { 'CallStarted.v1': 1, 'CallAnswered.v1': 2 } });
    await eventually('what came after it has taken effect', async () => (await callsEffects()).includes('calls 3'));
    expect(await callsEffects()).toEqual(['calls 1', 'calls 2', 'calls 3']);
  });

  it('refuses what took effect meanwhile, by its message or by another letter', async () => {
    const letter = await unreadableBefore(newCallId());
    await jetstream(lab.admin).publish(letter.subject, letter.body, { msgID: newId() });
    await eventually('it has taken effect', async () => (await callsEffects()).includes('calls 1'));
    await expect(app.redrive.run(letter.id, 'admin')).rejects.toMatchObject({ code: 'event_settled', status: 409 });
    expect(await callsEffects()).toEqual(['calls 1']);
    expect(await letters.find(letter.id)).toMatchObject({ state: 'waiting', tries: letter.tries });
    expect(await letters.discard(letter.id, 'admin', 'took effect')).toMatchObject({ state: 'discarded' });
  });
});

describe('redriving', () => {
  it('gives the event to the handler that gave it up, and to no other, once', async () => {
    const letter = await given();
    let context: ReturnType<typeof currentContext>;
    behave = () => {
      context = currentContext();
    };
    expect(await app.redrive.run(letter.id, 'admin')).toMatchObject({ state: 'redriven', history: [{ by: 'admin', act: 'redrive', outcome: 'done' }] });
    expect(await app.redrive.run(letter.id, 'admin')).toMatchObject({ state: 'redriven' });
    expect(await lab.effects(app)).toEqual(['another handler', 'calls 1']);
    expect(await app.db.query(`SELECT attempt FROM effect WHERE name = 'calls 1'`)).toEqual([{ attempt: 2 }]);
    expect(context).toMatchObject({ tenant: 'demo', causationId: letter.eventId });
  });

  it('that fails leaves the letter, its reason and what was tried', async () => {
    const letter = await given();
    behave = () => {
      throw new Error('the database of +56 9 8765 4321 is full');
    };
    await expect(app.redrive.run(letter.id, 'admin')).rejects.toMatchObject({ code: 'redrive_failed', status: 409 });
    expect(await theLetter()).toMatchObject({ state: 'waiting', tries: 2, code: 'Error', error: 'the database of +56*****4321 is full', history: [{ outcome: 'failed', by: 'admin' }] });
    expect(await lab.effects(app)).toEqual(['another handler']);
    behave = () => {};
    expect(await app.redrive.run(letter.id, 'admin')).toMatchObject({ state: 'redriven' });
    expect(await lab.effects(app)).toEqual(['another handler', 'calls 1']);
  });

  it('waits for the work on the same aggregate', async () => {
    const letter = await given();
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    behave = async (event) => {
      order.push(`begin ${event.sequence}`);
      if (event.sequence === 2) await gate.promise;
      order.push(`end ${event.sequence}`);
    };
    const call = (JSON.parse(Buffer.from(letter.body).toString()) as { subject: string }).subject;
    await lab.send(CallAnsweredV1, { subject: call, sequence: 2, prior: { 'CallStarted.v1': 1 } });
    await eventually('the second is at work', () => order.includes('begin 2'));
    const redriven = app.redrive.run(letter.id, 'admin');
    await eventually('the redrive waits for its lock', async () => (await app.db.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'collections-dialer'`)).length > 0);
    gate.resolve();
    await redriven;
    expect(order).toEqual(['begin 2', 'end 2', 'begin 1', 'end 1']);
  });

  it('refuses what can not be read, which can only be discarded', async () => {
    await jetstream(lab.admin).publish('evt.demo.calls.CallAnswered.v1', 'no json {');
    const letter = await theLetter();
    expect(letter).toMatchObject({ tenant: 'demo', eventType: 'CallAnswered.v1', eventId: undefined });
    expect(app.redrive.obstacle(letter)?.reason).toContain('not valid JSON');
    await expect(app.redrive.run(letter.id, 'admin')).rejects.toMatchObject({ code: 'dead_letter_unreadable' });
    expect(await letters.discard(letter.id, 'admin', 'rubbish')).toMatchObject({ state: 'discarded' });
  });

  it('refuses a letter of a handler that is gone', async () => {
    const letter = await given();
    await app.db.run(`UPDATE dead_letter SET handler = 'former' WHERE id = $1`, [letter.id]);
    await expect(app.redrive.run(letter.id, 'admin')).rejects.toMatchObject({ code: 'handler_unknown' });
  });
});
