import { AttachV1, ReleaseV1, ServingV1 } from '@troncal/contracts';
import { newCallId, PermanentError } from '@troncal/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusLab, log } from '../../test/bus-lab.js';
import { Bus } from '../connection/bus.js';
import { CommandClient } from './command-client.js';
import { CommandDesk } from './command-desk.js';

let lab: BusLab;
const buses: Bus[] = [];
let client: CommandClient;

async function open(): Promise<CommandDesk> {
  const bus = new Bus({ ...lab.nats.login('realtime-voice'), logger: log });
  bus.start();
  await bus.connection();
  buses.push(bus);
  client ??= new CommandClient(bus);
  return new CommandDesk(bus, log);
}

beforeAll(async () => {
  lab = await BusLab.open();
});
afterAll(async () => {
  for (const bus of buses) await bus.close();
  await lab?.close();
});

describe('a replica', () => {
  it('answers what is asked of it alone, and its errors are the asker’s', async () => {
    const [one, two] = [await open(), await open()];
    await one.answer(ReleaseV1, () => Promise.resolve({ released: true, written: true }));
    await two.answer(ReleaseV1, () => Promise.reject(new PermanentError('unknown_call', 'There is no such call.', { status: 404 })));
    const callId = newCallId();
    await expect(client.ask(ReleaseV1, { callId }, { to: one.replica })).resolves.toEqual({ released: true, written: true });
    await expect(client.ask(ReleaseV1, { callId }, { to: two.replica })).rejects.toMatchObject({ code: 'unknown_call', status: 404 });
    await expect(client.ask(ReleaseV1, { callId }, { to: 'nobody' })).rejects.toMatchObject({ code: 'no_one_answers' });
    await Promise.all([one.close(), two.close()]);
  });

  it('leaves a shared command to the others, after the work at hand', async () => {
    const [one, two] = [await open(), await open()];
    for (const desk of [one, two]) await desk.share(ServingV1, () => Promise.resolve({ replica: desk.replica }));
    const ask = async (): Promise<string> => (await client.ask(ServingV1, {})).replica;
    const before = await Promise.all(Array.from({ length: 40 }, ask));
    expect(new Set(before)).toEqual(new Set([one.replica, two.replica]));
    const under = Array.from({ length: 40 }, ask);
    await one.leave(ServingV1);
    expect((await Promise.all(under)).length).toBe(40);
    expect(new Set(await Promise.all(Array.from({ length: 40 }, ask)))).toEqual(new Set([two.replica]));
    await two.leave(ServingV1);
    await expect(ask()).rejects.toMatchObject({ code: 'no_one_answers' });
    await two.leave(AttachV1);
  });

  it('ends the work at hand before it closes', async () => {
    const desk = await open();
    const gate = Promise.withResolvers<{ replica: string }>();
    const begun = Promise.withResolvers<void>();
    await desk.share(ServingV1, () => {
      begun.resolve();
      return gate.promise;
    });
    const asked = client.ask(ServingV1, {}, { timeoutMs: 5_000 });
    await begun.promise;
    const closing = desk.close();
    gate.resolve({ replica: 'in time' });
    await expect(asked).resolves.toEqual({ replica: 'in time' });
    await closing;
  });
});
