import { describe, expect, it } from 'vitest';
import { pause, withDeadline } from './deadline.js';
import { TransientError } from './errors.js';

describe('deadlines', () => {
  it('passes on what was done in time, and how it failed', async () => {
    await expect(withDeadline(Promise.resolve(7), 1000, 'work')).resolves.toBe(7);
    await expect(withDeadline(Promise.reject(new Error('no')), 1000, 'work')).rejects.toThrow('no');
  });

  it('gives up with a transient error that names the work', async () => {
    const never = new Promise<void>(() => {});
    const error = await withDeadline(never, 5, 'voice.attach').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ code: 'deadline_exceeded', status: 504, message: 'voice.attach took longer than 5 ms.' });
  });

  it('swallows the late failure of what it gave up on', async () => {
    const fail = Promise.withResolvers<void>();
    await expect(withDeadline(fail.promise, 5, 'work')).rejects.toThrow('took longer');
    fail.reject(new Error('late'));
    // An unhandled rejection would fail the whole vitest run.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('pauses until told otherwise', async () => {
    const stop = new AbortController();
    const paused = pause(60_000, stop.signal);
    stop.abort();
    await expect(paused).resolves.toBe(false);
    await expect(pause(60_000, stop.signal)).resolves.toBe(false);
    await expect(pause(1)).resolves.toBe(true);
  });
});
