import { routeSchema, type RouteInput, type RouteNodeOf } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { clockAt } from './flow-clock.js';
import { openingAt } from './opening-hours.js';

type ScheduleInput = Extract<RouteInput['nodes'][string], { kind: 'schedule' }>;

function schedule(given: Omit<ScheduleInput, 'kind' | 'onOpen' | 'onClosed'>): RouteNodeOf<'schedule'> {
  const node = routeSchema.parse({ name: 'T', start: 'a', nodes: { a: { kind: 'schedule', onOpen: 'b', onClosed: 'b', ...given }, b: { kind: 'hangup' } } }).nodes['a'];
  if (node?.kind !== 'schedule') throw new Error('no schedule');
  return node;
}

const OFFICE = schedule({ hours: { mon: ['09:00-13:00', '14:00-18:00'], fri: ['22:00-06:00'], sat: ['10:00-24:00'] }, holidays: { country: 'CL', dates: ['2026-11-23'] }, dates: { '2026-12-25': ['10:00-11:00'], '2026-12-07': [] } });
/** Chile is three hours behind UTC in its summer, four in its winter. */
const at = (moment: string, node = OFFICE, zone = 'America/Santiago') => openingAt(node, clockAt(new Date(moment), zone));

describe('opening hours', () => {
  it.each([
    ['2026-11-30T11:59:59Z', 'closed', 'a second before nine'],
    ['2026-11-30T12:00:00Z', 'open', 'at nine'],
    ['2026-11-30T15:59:00Z', 'open', 'a minute to one'],
    ['2026-11-30T16:00:00Z', 'closed', 'at one, for lunch'],
    ['2026-11-30T17:00:00Z', 'open', 'after lunch'],
    ['2026-12-01T12:00:00Z', 'closed', 'a Tuesday, which has no hours'],
    ['2026-12-06T02:59:00Z', 'open', 'a minute to midnight on Saturday'],
    ['2026-12-06T03:00:00Z', 'closed', 'midnight'],
    ['2026-06-15T13:00:00Z', 'open', 'nine in winter, an hour later in UTC'],
    ['2026-06-15T12:30:00Z', 'closed', 'half past eight in winter'],
  ])('say of %s: %s (%s)', (moment, expected) => expect(at(moment)).toBe(expected));

  it.each([
    ['2026-12-05T01:30:00Z', 'open', 'Friday night'],
    ['2026-12-05T08:59:00Z', 'open', 'Saturday before six, which is Friday’s'],
    ['2026-12-05T09:00:00Z', 'closed', 'Saturday at six'],
    ['2027-01-02T02:30:00Z', 'holiday', 'the night of a Friday that is New Year'],
    ['2027-01-02T03:30:00Z', 'closed', 'and what would go on from it'],
  ])('go on past midnight: %s is %s (%s)', (moment, expected) => expect(at(moment)).toBe(expected));

  it.each([
    ['2026-10-12T15:00:00Z', 'holiday', 'a national holiday on a Monday'],
    ['2026-11-23T15:00:00Z', 'holiday', 'one of its own'],
    ['2026-12-25T13:30:00Z', 'open', 'hours of that date, in place of the holiday'],
    ['2026-12-25T15:00:00Z', 'closed', 'outside of them: that day is no holiday here'],
    ['2026-12-07T15:00:00Z', 'closed', 'a Monday that is closed'],
  ])('give way on single dates: %s is %s (%s)', (moment, expected) => expect(at(moment)).toBe(expected));

  it('are those of the schedule’s own zone, else of the tenant’s', () => {
    const madrid = schedule({ hours: { mon: ['09:00-10:00'] }, timeZone: 'Europe/Madrid' });
    expect(at('2026-11-30T08:30:00Z', madrid)).toBe('open');
    expect(at('2026-11-30T08:30:00Z', schedule({ hours: { mon: ['09:00-10:00'] } }), 'Europe/Madrid')).toBe('open');
    expect(at('2026-11-30T08:30:00Z')).toBe('closed');
  });

  it('count as UTC in a zone that nobody knows', () => {
    expect(at('2026-11-30T09:30:00Z', schedule({ hours: { mon: ['09:00-10:00'] } }), 'Nowhere/At_All')).toBe('open');
  });
});
