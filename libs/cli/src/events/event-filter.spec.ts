import type { Envelope } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { since, wants } from './event-filter.js';

const event = (tenantid: string, correlationid: string, data: unknown = {}): Envelope => ({
  specversion: '1.0', id: 'x', type: 'CallStarted.v1', source: 's', time: '2026-11-21T14:00:00Z', subject: 'x', sequence: 1, tenantid, correlationid, datacontenttype: 'application/json', data,
});

describe('which events', () => {
  it('all, unless something is asked for', () => {
    expect(wants({}, event('demo', 'c1'))).toBe(true);
    expect(wants({ tenant: 'Demo' }, event('demo', 'c1'))).toBe(true);
    expect(wants({ tenant: 'demo' }, event('_', 'c1'))).toBe(false);
  });

  it('those of a call by the call they name, else by what they belong to', () => {
    expect(wants({ call: '3f1f0a2b…' }, event('demo', 'ticket', { callId: '3f1f0a2b-5a10' }))).toBe(true);
    expect(wants({ call: '3F1F' }, event('demo', '3f1f0a2b-5a10'))).toBe(true);
    expect(wants({ call: '3f1f' }, event('demo', '3f1f0a2b-5a10', { callId: 'aaaa' }))).toBe(false);
  });

  it('since a while ago or a moment', () => {
    expect(since('10m', 600_000).getTime()).toBe(0);
    expect(since('2026-11-21T14:00:00Z').toISOString()).toBe('2026-11-21T14:00:00.000Z');
    expect(() => since('yesterday')).toThrow('--since is "yesterday"');
  });
});
