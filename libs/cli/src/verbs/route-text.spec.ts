import { routeSchema, type RouteInput } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { describeNode } from './route-text.js';

const bye = { kind: 'hangup' } as const;

function described(node: RouteInput['nodes'][string]): string {
  const parsed = routeSchema.parse({ name: 'T', start: 'a', nodes: { a: node, bye } }).nodes['a'];
  return parsed ? describeNode(parsed) : '';
}

describe('a step of a route', () => {
  it.each([
    [{ kind: 'schedule', hours: { mon: ['09:00-13:00', '14:00-18:00'], sat: ['10:00-13:00'], sun: [] }, holidays: { country: 'CL', dates: ['2026-11-23'] }, dates: { '2026-12-31': [] }, timeZone: 'America/Santiago', onOpen: 'bye', onClosed: 'bye', onHoliday: 'bye' },
      'by the time of day (mon 09:00-13:00 14:00-18:00, sat 10:00-13:00; holidays of CL; 2 dates of their own; America/Santiago): open → bye, closed → bye, holiday → bye'],
    [{ kind: 'schedule', hours: {}, onOpen: 'bye', onClosed: 'bye' }, 'by the time of day (no day; tenant’s time): open → bye, closed → bye'],
    [{ kind: 'language', language: 'en', next: 'bye' }, 'speaks en from here on → bye'],
    [{ kind: 'language', language: 'es', locale: 'es-ES', next: 'bye' }, 'speaks es-ES from here on → bye'],
    [{ kind: 'voicemail', mailbox: '201', maxSeconds: 60, next: 'bye', onNothing: 'a' }, 'takes a message for 201, 60 s at most → bye, nothing said → a'],
  ] as const)('%j is told in one line', (node, line) => {
    expect(described(node as RouteInput['nodes'][string])).toBe(line);
  });

  it('goes back to the menu before', () => {
    expect(describeNode({ kind: 'back' })).toBe('back to the menu before');
  });
});
