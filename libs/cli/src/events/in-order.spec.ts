import type { Envelope } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { InOrder } from './in-order.js';

const at = (id: string, ms: number): Envelope => ({
  specversion: '1.0', id, type: 'CallStarted.v1', source: 's', time: new Date(1_000 + ms).toISOString(), subject: 'x', sequence: 1, tenantid: 'demo', correlationid: 'x', datacontenttype: 'application/json', data: {},
});

describe('events in order', () => {
  it('are told by the time of the fact, not of the arrival', () => {
    let now = 0;
    const told: string[] = [];
    const order = new InOrder((event) => told.push(event.id), 100, () => now);
    order.push(at('second', 20));
    now = 60;
    order.push(at('first', 10));
    order.push(at('third', 30));
    now = 100;
    order.settle();
    expect(told).toEqual(['first', 'second']);
    now = 160;
    order.settle();
    order.end();
    expect(told).toEqual(['first', 'second', 'third']);
  });

  it('keep the order of arrival within one millisecond, and lose nothing that comes too late', () => {
    let now = 0;
    const told: string[] = [];
    const order = new InOrder((event) => told.push(event.id), 100, () => now);
    for (const id of ['a', 'b', 'c']) order.push(at(id, 5));
    now = 200;
    order.settle();
    order.push(at('late', 1));
    order.end();
    expect(told).toEqual(['a', 'b', 'c', 'late']);
  });

  it('settle by themselves', async () => {
    const told = await new Promise<string>((resolve) => new InOrder((event) => resolve(event.id), 5).push(at('alone', 0)));
    expect(told).toBe('alone');
  });
});
