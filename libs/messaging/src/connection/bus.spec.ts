import { createLogger } from '@troncal/observability';
import { startNats, type NatsServer } from '@troncal/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Bus } from './bus.js';

let nats: NatsServer;
let bus: Bus;
beforeEach(async () => {
  nats = await startNats();
  bus = new Bus({ ...nats.login('ticketing'), logger: createLogger({ service: 'testing', level: 'silent' }) });
  bus.start();
  await bus.connection();
});
afterEach(async () => {
  await bus.close();
  await nats.stop();
});

it('an answer that was on its way when the server died is not waited for', async () => {
  const [answer] = await Promise.all([bus.answer(new Promise<never>(() => {})).catch((error: unknown) => error), nats.kill()]);
  expect(answer).toMatchObject({ code: 'bus_away' });
});

it('an answer that came stays what it was', async () => {
  await expect(bus.answer(Promise.resolve(7))).resolves.toBe(7);
  await expect(bus.answer(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});
