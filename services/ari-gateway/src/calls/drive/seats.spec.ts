import { expect, it } from 'vitest';
import { Seats } from './seats.js';

const bridge = (id: string, ...channels: string[]): { id: string; channels: string[] } => ({ id, channels });

it('knows what was found until it is moved', async () => {
  const seats = new Seats();
  seats.look();
  seats.found([bridge('call', 'caller', 'person'), bridge('room', 'half')]);
  expect([seats.has('caller', 'call'), seats.has('caller', 'room'), seats.has('half', 'room')]).toEqual([true, false, true]);
  await seats.moving(['caller'], () => Promise.resolve());
  seats.clearing('room');
  expect([seats.has('caller', 'call'), seats.has('person', 'call'), seats.has('half', 'room')]).toEqual([false, true, false]);
  seats.look();
  expect(seats.has('person', 'call')).toBe(false);
});

it('believes nothing of what was moved while it was looked at', async () => {
  const seats = new Seats();
  const moved = Promise.withResolvers<void>();
  const moving = seats.moving(['caller'], () => moved.promise);
  seats.look();
  await seats.moving(['person'], () => Promise.resolve());
  seats.clearing('room');
  seats.found([bridge('call', 'caller', 'person'), bridge('room', 'half')]);
  expect([seats.has('person', 'call'), seats.has('half', 'room')]).toEqual([false, false]);
  // Asked for before the look, and done after it.
  moved.resolve();
  await moving;
  expect(seats.has('caller', 'call')).toBe(false);
});
