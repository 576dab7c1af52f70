import { Injectable } from '@nestjs/common';
import { CallAnsweredV1, CallEndedV1, CallStartedV1 } from '@troncal/contracts';
import { newCallId } from '@troncal/kernel';
import { createLogger } from '@troncal/observability';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusLab, type ConsumingApp } from '../../test/bus-lab.js';
import { ConsumesEvent, ConsumesEvents, type ConsumedEvent, type Delivery } from './consumes-event.js';

/** What the slow handler waits for. */
let gate: PromiseWithResolvers<void>;

@Injectable()
class Slow {
  @ConsumesEvents([CallStartedV1, CallEndedV1])
  async handle(event: ConsumedEvent<typeof CallStartedV1 | typeof CallEndedV1>, { tx }: Delivery): Promise<void> {
    await tx.run('INSERT INTO effect (name, attempt) VALUES ($1, 1)', [`slow ${event.subject}`]);
    await gate.promise;
  }
}

@Injectable()
class Quick {
  @ConsumesEvent(CallStartedV1)
  async handle(event: ConsumedEvent<typeof CallStartedV1>, { tx }: Delivery): Promise<void> {
    await tx.run('INSERT INTO effect (name, attempt) VALUES ($1, 1)', [`quick ${event.subject}`]);
  }
}

@Injectable()
class AlsoQuick {
  @ConsumesEvent(CallAnsweredV1)
  async handle(event: ConsumedEvent<typeof CallAnsweredV1>, { tx }: Delivery): Promise<void> {
    await tx.run('INSERT INTO effect (name, attempt) VALUES ($1, 1)', [`also quick ${event.subject}`]);
  }
}

const EVENTS = 30;
const LATE_MS = 300;

describe('a handler that is slow', () => {
  const lines: Record<string, unknown>[] = [];
  const said = (message: string): Record<string, unknown>[] => lines.filter(({ msg, handler }) => msg === message && handler === 'calls');
  let lab: BusLab;
  let app: ConsumingApp;
  beforeAll(async () => {
    lab = await BusLab.open();
    gate = Promise.withResolvers();
    const logger = createLogger({ service: 'spec', level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) } });
    app = await lab.run('collections-dialer', await lab.database('collections-dialer'), [Slow, Quick, AlsoQuick], { lateAfterMs: LATE_MS, logger });
  });
  afterAll(async () => {
    gate.resolve();
    await lab?.close();
  });

  const effects = async (of: string): Promise<number> => (await lab.effects(app)).filter((name) => name.startsWith(`${of} `)).length;
  const metric = async (name: string, handler: string): Promise<number> => Number(new RegExp(`^troncal_consumer_${name}\\{handler="${handler}",[^}]*\\} (\\S+)$`, 'm').exec(await app.metrics.text())?.[1]);

  it('holds up no other: theirs are all done while its first have not ended', async () => {
    for (let event = 0; event < EVENTS; event += 1) await lab.send(CallStartedV1, { subject: newCallId(), sequence: 1 });
    await eventually('the quick one has done all', async () => (await effects('quick')) === EVENTS);
    for (let event = 0; event < EVENTS; event += 1) await lab.send(CallAnsweredV1, { subject: newCallId(), sequence: 1 });
    await eventually('the other quick one too', async () => (await effects('also quick')) === EVENTS);
    expect(await effects('slow')).toBe(0);
  });

  it('is told of once, and shown', async () => {
    await eventually('it is late', async () => (await metric('late_state', 'calls')) === 1);
    expect(await metric('unsettled_count', 'calls')).toBe(EVENTS);
    expect(await metric('oldest_age_seconds', 'calls')).toBeGreaterThan(LATE_MS / 1000);
    // On a busy machine it may have been late itself for a moment.
    await eventually('the quick one is not', async () => (await metric('late_state', 'on-call-started')) === 0 && (await metric('oldest_age_seconds', 'on-call-started')) === 0);
    expect(said('a consumer lags behind its stream')).toMatchObject([{ level: 'warn', handler: 'calls', stream: 'EVT_CALLS', lateAfterMs: LATE_MS }]);
  });

  it('is told of once more when it has caught up', async () => {
    gate.resolve();
    await eventually('it has caught up', () => said('a consumer has caught up with its stream').length > 0);
    expect(await effects('slow')).toBe(EVENTS);
    expect(await metric('oldest_age_seconds', 'calls')).toBe(0);
    expect(await metric('late_state', 'calls')).toBe(0);
    expect([said('a consumer lags behind its stream').length, said('a consumer has caught up with its stream').length]).toEqual([1, 1]);
  });
});
