import { describe, expect, it } from 'vitest';
import { backoffMs, backoffSchedule } from './backoff.js';
import { ManualClock } from './clock.js';
import { errorText, PermanentError, TransientError } from './errors.js';
import { idTime, isCallId, isId, newCallId, newId } from './ids.js';
import { addMoney, compareMoney, formatMoney, money, subtractMoney } from './money.js';

describe('ids', () => {
  it('sort in the order of their making, within one millisecond too', () => {
    const ids = Array.from({ length: 500 }, () => newId());
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(500);
    expect(ids.every(isId)).toBe(true);
    expect(Math.abs(idTime(newId()) - Date.now())).toBeLessThan(60_000);
  });

  it('tell calls from other things', () => {
    expect(isCallId(newCallId())).toBe(true);
    expect(isCallId(newId())).toBe(false);
    expect(isId(newCallId())).toBe(false);
  });
});

describe('backoff', () => {
  it('doubles up to its limit', () => {
    expect(backoffSchedule({ firstMs: 100, maxMs: 1000 }, 6)).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(backoffMs({ firstMs: 100, maxMs: 1000 }, 100_000, 0.5)).toBe(900);
  });

  it('varies by no more than its jitter', () => {
    expect(backoffMs({ firstMs: 100, maxMs: 1000, jitter: 0.5 }, 1, 0)).toBe(50);
    expect(backoffMs({ firstMs: 100, maxMs: 1000, jitter: 0.5 }, 1, 1)).toBe(100);
  });
});

describe('money', () => {
  it('is whole minor units of one currency', () => {
    expect(addMoney(money(100, 'CLP'), money(50, 'CLP'))).toEqual({ minor: 150, currency: 'CLP' });
    expect(subtractMoney(money(100, 'CLP'), money(150, 'CLP')).minor).toBe(-50);
    expect(compareMoney(money(1, 'USD'), money(2, 'USD'))).toBe(-1);
    expect(() => addMoney(money(1, 'USD'), money(1, 'CLP'))).toThrow(/can't be reckoned together/);
    expect(() => money(0.1, 'USD')).toThrow(PermanentError);
    expect(() => money(1, 'usd')).toThrow(PermanentError);
  });

  it('is shown with the decimals of its currency', () => {
    expect(formatMoney(money(1250, 'USD'), 'en-US')).toBe('$12.50');
    expect(formatMoney(money(1250, 'CLP'), 'es-CL')).toBe('$1.250');
  });
});

describe('errors', () => {
  it('carry facts, remedy, cause and whether trying again helps', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new TransientError('bus_away', 'NATS is away.', { cause, remedy: 'Wait.', details: { url: 'nats://x' } });
    expect(error).toMatchObject({ name: 'TransientError', code: 'bus_away', retryable: true, status: 503, remedy: 'Wait.', cause });
    expect(new PermanentError('bad', 'Bad.')).toMatchObject({ name: 'PermanentError', retryable: false, status: 422, faults: [] });
    expect(errorText(error)).toBe('NATS is away. (ECONNREFUSED)');
    expect(errorText(new AggregateError([new Error('a'), new Error('b')]))).toBe('a; b');
    expect(errorText('thrown text')).toBe('thrown text');
  });
});

describe('the manual clock', () => {
  it('moves only when told', () => {
    const clock = new ManualClock('2026-01-01T00:00:00Z');
    clock.advance(1500);
    expect(clock.date().toISOString()).toBe('2026-01-01T00:00:01.500Z');
    expect(() => clock.set('nonsense')).toThrow(RangeError);
  });
});
