import { Inject, Injectable, type Type } from '@nestjs/common';
import { jetstream } from '@nats-io/jetstream';
import { CallAnsweredV1, CallEndedV1, CallStartedV1, QueueLeftV1, TicketOpenedV1, type EventOf } from '@troncal/contracts';
import { newCallId, PermanentError } from '@troncal/kernel';
import { currentContext, formatTraceparent, newTrace, type WorkContext } from '@troncal/observability';
import { Outbox } from '@troncal/persistence';
import { eventually, startPostgres, type TestDatabase } from '@troncal/testing';
import { describe, expect, it, type TestContext } from 'vitest';
import { BusLab, type ConsumingApp } from '../../test/bus-lab.js';
import { tailEvents, type SeenEvent } from '../read/tail-events.js';
import { ConsumerRuntime } from './consumer-runtime.js';
import { ConsumesEvent, ConsumesEvents, isEvent, type ConsumedEvent, type Delivery } from './consumes-event.js';
import { DEAD_LETTER_HEADERS } from './dead-letter.js';

const BACKOFF = [50, 50];
/** Five at once have the machine that one had. */
const LONG = { timeout: 90_000 };
const DURABLE = 'collections-dialer__calls';

/** What a handler does with an event. */
type Behaviour = (event: EventOf<unknown>, delivery: Delivery) => Promise<void> | void;

/** A handler that does what it is told to, after an effect of its own. */
function projecting(behaviour: () => Behaviour): Type {
  @Injectable()
  class ProjectCalls {
    @ConsumesEvents([CallStartedV1, CallAnsweredV1, CallEndedV1], { backoffMs: BACKOFF })
    async handle(event: ConsumedEvent<typeof CallStartedV1 | typeof CallAnsweredV1 | typeof CallEndedV1>, delivery: Delivery): Promise<void> {
      await delivery.tx.run('INSERT INTO effect (name, attempt) VALUES ($1, $2)', [`${event.subject} ${event.sequence}`, delivery.attempt]);
      await behaviour()(event, delivery);
    }
  }
  return ProjectCalls;
}

async function labOf({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<BusLab> {
  const lab = await BusLab.open();
  onTestFinished(() => lab.close());
  return lab;
}

/** collections-dialer on a bus and a database of a test's own: these wait far more than they work, so they run beside each other. */
class Dialer {
  /** Each test says what its events lead to. */
  behave: Behaviour = () => {};
  private running: ConsumingApp | undefined;

  private constructor(readonly lab: BusLab) {}

  /** Closed when the test is over. */
  static async of(test: Pick<TestContext, 'onTestFinished'>): Promise<Dialer> {
    const dialer = new Dialer(await labOf(test));
    await dialer.start();
    return dialer;
  }

  /** The process that runs now. */
  get app(): ConsumingApp {
    if (!this.running) throw new Error('It has not been started.');
    return this.running;
  }

  /** Starts a process of it, in place of the one before. @param more providers @param database a fresh one when absent */
  async start(more: readonly Type[] = [], database?: TestDatabase): Promise<void> {
    await this.running?.close();
    this.running = await this.lab.run('collections-dialer', database ?? (await this.lab.database('collections-dialer')), [projecting(() => this.behave), ...more]);
  }

  effects(): Promise<string[]> {
    return this.lab.effects(this.app);
  }
}

describe.concurrent('an event', LONG, () => {
  it('takes effect once and is acknowledged', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    const call = newCallId();
    await lab.send(CallStartedV1, { subject: call, sequence: 1 });
    await eventually('the effect', async () => (await dialer.effects()).length === 1);
    await lab.settled('EVT_CALLS', DURABLE);
    expect(await dialer.effects()).toEqual([`${call} 1`]);
    expect(await dialer.app.metrics.text()).toContain('troncal_events_consumed_total{handler="calls",outcome="done",service="collections-dialer"} 1');
  });

  it('takes effect once though it was published twice', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    const call = newCallId();
    const id = await lab.send(CallStartedV1, { subject: call, sequence: 1 });
    await lab.send(CallStartedV1, { subject: call, sequence: 1, id, msgId: 'another' });
    await eventually('both are delivered', async () => (await dialer.app.metrics.text()).includes('outcome="duplicate"'));
    await lab.settled('EVT_CALLS', DURABLE);
    expect(await dialer.effects()).toEqual([`${call} 1`]);
  });

  it('that was published before the consumer existed is seen', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    await dialer.app.close();
    await lab.manager.consumers.delete('EVT_CALLS', DURABLE).catch(() => {});
    const call = newCallId();
    await lab.send(CallStartedV1, { subject: call, sequence: 1 });
    await dialer.start();
    await eventually('the effect', async () => (await dialer.effects()).length === 1);
    expect(await dialer.effects()).toEqual([`${call} 1`]);
  });

  it('is not acknowledged before its handler has ended', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    const gate = Promise.withResolvers<void>();
    dialer.behave = () => gate.promise;
    await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    const pending = async (): Promise<number> => (await lab.manager.consumers.info('EVT_CALLS', DURABLE)).num_ack_pending;
    await eventually('it is delivered', async () => (await pending()) === 1);
    expect(await dialer.effects()).toEqual([]);
    gate.resolve();
    await lab.settled('EVT_CALLS', DURABLE);
    expect(await dialer.effects()).toHaveLength(1);
  });

  it('whose handler takes longer than the acknowledgement time is not given to another', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    let begun = 0;
    const gate = Promise.withResolvers<void>();
    dialer.behave = () => {
      begun += 1;
      return gate.promise;
    };
    await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    await eventually('it has begun', () => begun === 1);
    // Three acknowledgement times of this suite (one second each).
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    gate.resolve();
    await lab.settled('EVT_CALLS', DURABLE);
    expect(begun).toBe(1);
    expect((await lab.manager.consumers.info('EVT_CALLS', DURABLE)).num_redelivered).toBe(0);
  });
});

describe.concurrent('events that wait for what the service does first', LONG, () => {
  /** Another process of it, where events wait; and one that comes. */
  const restart = async (dialer: Dialer, done: Promise<unknown>, atMostMs: number): Promise<void> => {
    @Injectable()
    class FirstThings {
      constructor(@Inject(ConsumerRuntime) runtime: ConsumerRuntime) {
        runtime.holdBack(done, atMostMs);
      }
    }
    await dialer.start([FirstThings]);
    await dialer.lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
  };

  it('take effect when it is done', async (test) => {
    const dialer = await Dialer.of(test);
    const gate = Promise.withResolvers<void>();
    await restart(dialer, gate.promise, 60_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await dialer.effects()).toEqual([]);
    gate.resolve();
    await eventually('the effect', async () => (await dialer.effects()).length === 1);
  });

  it('take effect without it when it takes too long', async (test) => {
    const dialer = await Dialer.of(test);
    await restart(dialer, new Promise(() => {}), 200);
    await eventually('the effect', async () => (await dialer.effects()).length > 0);
    expect(await dialer.effects()).toHaveLength(1);
  });
});

describe.concurrent('a failing handler', LONG, () => {
  it('is tried again, and leaves nothing of the failed tries', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    dialer.behave = (_, { attempt }) => {
      if (attempt < 3) throw new Error('not yet');
    };
    await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    await eventually('the effect', async () => (await dialer.effects()).length === 1);
    await lab.settled('EVT_CALLS', DURABLE);
    expect(await dialer.app.db.query('SELECT attempt FROM effect')).toEqual([{ attempt: 3 }]);
    expect(await lab.deadLetters('collections-dialer')).toEqual([]);
  });

  it('gives up to the dead-letter stream after the last try, with why and from where', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    dialer.behave = () => {
      throw new Error('never for +56 9 8765 4321');
    };
    const call = newCallId();
    const id = await lab.send(CallStartedV1, { subject: call, sequence: 1 });
    const [letter] = await eventually('the dead letter', async () => {
      const letters = await lab.deadLetters('collections-dialer');
      return letters.length > 0 && letters;
    });
    await lab.settled('EVT_CALLS', DURABLE);
    expect(JSON.parse(letter?.text ?? '')).toMatchObject({ id, type: 'CallStarted.v1', subject: call });
    expect(letter?.headers).toMatchObject({
      [DEAD_LETTER_HEADERS.attempts]: '3',
      [DEAD_LETTER_HEADERS.error]: 'never for +56*****4321',
      [DEAD_LETTER_HEADERS.subject]: 'evt.demo.calls.CallStarted.v1',
      [DEAD_LETTER_HEADERS.consumer]: DURABLE,
    });
    expect(await dialer.effects()).toEqual([]);
  });

  it('gives up at once on a PermanentError, and the aggregate goes on', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    dialer.behave = (event) => {
      if (event.sequence === 1) throw new PermanentError('unknown_campaign', 'There is no such campaign.');
    };
    const call = newCallId();
    await lab.send(CallStartedV1, { subject: call, sequence: 1, prior: {} });
    await lab.send(CallAnsweredV1, { subject: call, sequence: 2, prior: { 'CallStarted.v1': 1 } });
    await eventually('the second takes effect', async () => (await dialer.effects()).includes(`${call} 2`));
    expect(await lab.deadLetters('collections-dialer')).toMatchObject([{ headers: { [DEAD_LETTER_HEADERS.code]: 'unknown_campaign', [DEAD_LETTER_HEADERS.attempts]: '1' } }]);
  });
});

describe.concurrent('an event that kills the process', LONG, () => {
  it('is given up after many tries that never ended', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    const call = newCallId();
    // Held back as early, so that the count of unended tries can be put there before its first real one.
    const id = await lab.send(CallEndedV1, { subject: call, sequence: 2, prior: { 'CallStarted.v1': 1 } });
    await eventually('it was put back', async () => (await dialer.app.db.run('UPDATE inbox_attempt SET attempts = 20 WHERE event_id = $1', [id])) === 1);
    await lab.send(CallStartedV1, { subject: call, sequence: 1, prior: {} });
    const letters = await eventually('the dead letter', async () => {
      const found = await lab.deadLetters('collections-dialer');
      return found.length > 0 && found;
    });
    expect(letters).toMatchObject([{ headers: { [DEAD_LETTER_HEADERS.code]: 'handler_kills_process' } }]);
    expect(await dialer.effects()).toEqual([`${call} 1`]);
  });
});

describe.concurrent('a message that can not be read', LONG, () => {
  it.for([
    ['no JSON', 'not json {'],
    ['no envelope', '{"hello":1}'],
    ['data that breaks its contract', JSON.stringify({ specversion: '1.0', id: '01KAJ8Y3S6Q8B5K0Z1T2V3W4X5', type: 'CallStarted.v1', source: 'x', time: '2026-01-01T00:00:00Z', subject: 's', sequence: 1, tenantid: 'demo', correlationid: 'c', datacontenttype: 'application/json', data: {} })],
    ['an empty body', ''],
  ])('goes to the dead-letter stream at once as it came, and others are not held up: %s', async ([, body], test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    await jetstream(lab.admin).publish('evt.demo.calls.CallStarted.v1', body);
    const call = newCallId();
    await lab.send(CallStartedV1, { subject: call, sequence: 1 });
    await eventually('the good one takes effect', async () => (await dialer.effects()).includes(`${call} 1`));
    await lab.settled('EVT_CALLS', DURABLE);
    expect(await lab.deadLetters('collections-dialer')).toMatchObject([{ text: body, headers: { [DEAD_LETTER_HEADERS.attempts]: '1' } }]);
  });
});

describe.concurrent('order', LONG, () => {
  it('within an aggregate holds while its first event fails; other aggregates go on', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    const [slow, quick] = [newCallId(), newCallId()];
    let others!: () => void;
    const othersWentOn = new Promise<void>((resolve) => (others = resolve));
    dialer.behave = async (event, { attempt }) => {
      if (event.subject !== slow || event.sequence !== 1) return;
      if (attempt < 3) throw new Error('not yet');
      await othersWentOn;
    };
    for (const call of [slow, quick]) {
      await lab.send(CallStartedV1, { subject: call, sequence: 1, prior: {} });
      await lab.send(CallAnsweredV1, { subject: call, sequence: 4, prior: { 'CallStarted.v1': 1, 'DtmfReceived.v1': 3 } });
      await lab.send(CallEndedV1, { subject: call, sequence: 5, prior: { 'CallStarted.v1': 1, 'CallAnswered.v1': 4 } });
    }
    await eventually('the other aggregate goes on', async () => (await dialer.effects()).length === 3);
    expect(await dialer.effects()).toEqual([`${quick} 1`, `${quick} 4`, `${quick} 5`]);
    others();
    await eventually('all take effect', async () => (await dialer.effects()).length === 6);
    const effects = await dialer.effects();
    expect(effects.filter((name) => name.startsWith(slow))).toEqual([`${slow} 1`, `${slow} 4`, `${slow} 5`]);
  });

  it('within an aggregate is restored when events arrive swapped', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    const call = newCallId();
    await lab.send(CallEndedV1, { subject: call, sequence: 2, prior: { 'CallStarted.v1': 1 } });
    await eventually('the early one was put back', async () => (await dialer.app.metrics.text()).includes('outcome="early"'));
    await lab.send(CallStartedV1, { subject: call, sequence: 1, prior: {} });
    await eventually('both take effect', async () => (await dialer.effects()).length === 2);
    expect(await dialer.effects()).toEqual([`${call} 1`, `${call} 2`]);
  });
});

describe.concurrent('surroundings that go away', LONG, () => {
  it('NATS killed and back: consuming goes on, nothing is doubled', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    await eventually('the first effect', async () => (await dialer.effects()).length === 1);
    await lab.nats.kill();
    await eventually('it notices', () => !dialer.app.bus.connected);
    expect(await dialer.app.bus.health()).toMatchObject({ state: 'not_ready' });
    await lab.nats.restart();
    await eventually('it is connected again', () => dialer.app.bus.connected, 20_000);
    await eventually("the lab's own connection is back", async () => (await lab.manager.streams.info('EVT_CALLS')).state.messages === 1);
    await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    await eventually('the second effect', async () => (await dialer.effects()).length === 2, 20_000);
    await eventually('it is healthy', async () => (await dialer.app.bus.health()).state === 'ready');
  });

  it('PostgreSQL killed and back: events wait, are not counted as failed, and are not given up', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    const server = await startPostgres();
    const own = await lab.database('collections-dialer', server);
    await dialer.start([], own);
    try {
      await server.kill();
      const call = newCallId();
      await lab.send(CallStartedV1, { subject: call, sequence: 1 });
      await eventually('tries were made in vain', async () => Number(/outcome="retried",service="collections-dialer"} (\d+)/.exec(await dialer.app.metrics.text())?.[1]) > BACKOFF.length + 1, 20_000);
      await server.restart();
      await eventually('the effect', async () => (await dialer.effects()).length === 1, 20_000);
      expect(await lab.deadLetters('collections-dialer')).toEqual([]);
    } finally {
      await dialer.app.close();
      await server.stop();
    }
  });

  it('a consumer deleted on the server is made anew', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    await eventually('the first effect', async () => (await dialer.effects()).length === 1);
    await lab.manager.consumers.delete('EVT_CALLS', DURABLE);
    await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    await eventually('the second effect', async () => (await dialer.effects()).length === 2, 20_000);
    expect(await dialer.effects()).toHaveLength(2);
  });

  it('shutdown in mid-handler waits for it, acknowledges, and hands back what had not begun', async (test) => {
    const dialer = await Dialer.of(test);
    const { lab } = dialer;
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    dialer.behave = () => {
      begun += 1;
      return gate.promise;
    };
    const call = newCallId();
    await lab.send(CallStartedV1, { subject: call, sequence: 1, prior: {} });
    await lab.send(CallEndedV1, { subject: call, sequence: 2, prior: { 'CallStarted.v1': 1 } });
    await eventually('the first has begun', () => begun === 1);
    let closed = false;
    const closing = dialer.app.close().then(() => (closed = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(closed).toBe(false);
    gate.resolve();
    await closing;
    expect(begun).toBe(1);
    const info = await lab.manager.consumers.info('EVT_CALLS', DURABLE);
    expect(info.ack_floor.consumer_seq).toBe(1);
  });
});

describe.concurrent('facts stated in a handler', LONG, () => {
  let context: WorkContext | undefined;
  let narrowed: boolean;

  @Injectable()
  class OpenTicketOnAbandon {
    constructor(@Inject(Outbox) private readonly outbox: Outbox) {}

    @ConsumesEvent(QueueLeftV1)
    async handle(event: ConsumedEvent<typeof QueueLeftV1>, { tx }: Delivery): Promise<void> {
      context = currentContext();
      narrowed = isEvent(QueueLeftV1, event) && !isEvent(CallEndedV1, event);
      await this.outbox.emit(tx, TicketOpenedV1, { tenant: event.tenantid, subject: event.id, data: TicketOpenedV1.example as never });
    }
  }

  it('go out with the correlation and cause of the event, in the trace of its call whatever trace the event came in', async (test) => {
    const lab = await labOf(test);
    const ticketing = await lab.run('ticketing', await lab.database('ticketing'), [OpenTicketOnAbandon]);
    const seen: SeenEvent[] = [];
    const tail = await tailEvents(lab.nats.observer, (event) => seen.push(event), { domains: ['tickets'] });
    await tail.started;
    const call = newCallId();
    const trace = newTrace();
    const cause = await lab.send(QueueLeftV1, { subject: call, sequence: 1, traceparent: formatTraceparent(trace) });
    const ticket = await eventually('the ticket event', () => seen[0]);
    expect(ticket.envelope).toMatchObject({ type: 'TicketOpened.v1', source: 'ticketing', correlationid: call, causationid: cause, subject: cause, sequence: 1 });
    expect(ticket.headers['traceparent']).toContain(call.replaceAll('-', ''));
    expect(ticket.headers['traceparent']).not.toContain(trace.traceId);
    expect(context).toMatchObject({ tenant: 'demo', call, correlationId: call, causationId: cause });
    expect(narrowed).toBe(true);
    await tail.stop();
    await ticketing.close();
  });
});

describe.concurrent('start-up refuses', LONG, () => {
  @Injectable()
  class Twice {
    @ConsumesEvent(CallStartedV1)
    async one(): Promise<void> {}
    @ConsumesEvent(CallStartedV1)
    async two(): Promise<void> {}
  }
  @Injectable()
  class Foreign {
    @ConsumesEvent(QueueLeftV1)
    async one(): Promise<void> {}
  }
  @Injectable()
  class Unlisted {
    @ConsumesEvent(CallStartedV1, { handler: 'surprise' })
    async one(): Promise<void> {}
  }

  it.for([
    ['two handlers of one name', Twice, /Two handlers are called on-call-started/],
    ['a handler of an event that is not for this service', Foreign, /no leave for a handler on-queue-left on the domain calls/],
    ['a handler that the permissions do not list', Unlisted, /no leave for a handler surprise/],
  ] as const)('%s', async ([, provider, message], test) => {
    const lab = await labOf(test);
    await expect(lab.run('collections-dialer', await lab.database('collections-dialer'), [provider])).rejects.toThrow(message);
  });
});
