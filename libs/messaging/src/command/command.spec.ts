import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { INestMicroservice } from '@nestjs/common';
import { AttachV1, HangupV1, LegTakenV1, SummariseV1, type CommandDefinition } from '@troncal/contracts';
import { newCallId, PermanentError, TransientError } from '@troncal/kernel';
import { createLogger, currentContext, newTrace, runInContext, type WorkContext } from '@troncal/observability';
import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BusLab, log } from '../../test/bus-lab.js';
import { Bus } from '../connection/bus.js';
import { BusTransport } from './bus-transport.js';
import { CommandClient } from './command-client.js';
import { answers, HandlesCommand, HandlesCommands } from './handles-command.js';

type Summarise = (request: { callId: string }) => Promise<{ summary: string }>;
let answer: Summarise;
let seen: WorkContext | undefined;
const TAKEN = newCallId();
const faults: string[] = [];
const faultLog = createLogger({ service: 'spec', level: 'error', destination: { write: (line) => void faults.push(line) } });

@Controller()
class VoiceResponder {
  @HandlesCommand(SummariseV1)
  async summarise(request: z.output<typeof SummariseV1.request>): Promise<z.input<typeof SummariseV1.reply>> {
    seen = currentContext();
    return answer(request);
  }
}
@Controller()
@HandlesCommands<TableResponder>([answers(LegTakenV1, async (responder: TableResponder, { legId }) => ({ taken: responder.taken.includes(legId) }))])
class TableResponder {
  readonly taken: readonly string[] = [TAKEN];
}
@Module({ controllers: [VoiceResponder, TableResponder] })
class VoiceModule {}

let lab: BusLab;
let voiceBus: Bus;
let gatewayBus: Bus;
let client: CommandClient;
const responders: INestMicroservice[] = [];

async function startResponder(): Promise<INestMicroservice> {
  const responder = await NestFactory.createMicroservice(VoiceModule, { strategy: new BusTransport(voiceBus, faultLog), logger: false });
  await responder.listen();
  responders.push(responder);
  return responder;
}

beforeAll(async () => {
  lab = await BusLab.open();
  voiceBus = new Bus({ ...lab.nats.login('realtime-voice'), logger: log });
  gatewayBus = new Bus({ ...lab.nats.login('ari-gateway'), logger: log });
  voiceBus.start();
  gatewayBus.start();
  await Promise.all([voiceBus.connection(), gatewayBus.connection()]);
  client = new CommandClient(gatewayBus);
  await startResponder();
});
afterAll(async () => {
  for (const responder of responders) await responder.close();
  await Promise.all([voiceBus?.close(), gatewayBus?.close()]);
  await lab?.close();
});
beforeEach(() => {
  answer = ({ callId }) => Promise.resolve({ summary: `about ${callId}` });
  seen = undefined;
});

const summarise = (timeoutMs?: number): Promise<unknown> => client.ask(SummariseV1, { callId: newCallId() }, timeoutMs === undefined ? {} : { timeoutMs });

describe('a command', () => {
  it('is answered', async () => {
    const callId = newCallId();
    await expect(client.ask(SummariseV1, { callId })).resolves.toEqual({ summary: `about ${callId}` });
  });

  it('is answered out of a table by the instance that has it', async () => {
    await expect(client.ask(LegTakenV1, { legId: TAKEN })).resolves.toEqual({ taken: true });
    await expect(client.ask(LegTakenV1, { legId: newCallId() })).resolves.toEqual({ taken: false });
  });

  it("runs in the asker's trace, tenant and correlation", async () => {
    const trace = newTrace();
    await runInContext({ trace, tenant: 'demo', correlationId: 'call-1', causationId: 'event-1' }, () => summarise());
    expect(seen).toMatchObject({ tenant: 'demo', correlationId: 'call-1', causationId: 'event-1', trace: { traceId: trace.traceId } });
  });

  it.each([new PermanentError('unknown_call', 'There is no such call.', { status: 404 }), new TransientError('busy', 'Try later.')])('that is refused throws the same at the asker: %s', async (error) => {
    answer = () => Promise.reject(error);
    const thrown: unknown = await summarise().catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(error.constructor);
    expect(thrown).toMatchObject({ code: error.code, status: error.status, message: error.message });
  });

  it('that fails for a reason nobody foresaw tells the asker nothing of our insides, and us everything', async () => {
    faults.length = 0;
    answer = () => Promise.reject(new Error('password hunter2 in line 7'));
    const thrown: unknown = await summarise().catch((caught: unknown) => caught);
    expect(thrown).toMatchObject({ code: 'internal_error', message: expect.not.stringContaining('hunter2') });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('password hunter2 in line 7');
    expect(faults[0]).toContain('cmd.realtime-voice.summarise.v1');
  });

  it('with a wrong request is refused on either side', async () => {
    await expect(client.ask(SummariseV1, { callId: 'no uuid' })).rejects.toMatchObject({ code: 'bad_command' });
    const loose = { ...SummariseV1, request: z.object({ callId: z.string() }) } as unknown as CommandDefinition;
    await expect(client.ask(loose, { callId: 'no uuid' })).rejects.toMatchObject({ code: 'validation_failed', faults: [{ where: '/callId' }] });
  });

  it('with a wrong answer is an error', async () => {
    answer = () => Promise.resolve({ summary: 'x'.repeat(5_000) });
    await expect(summarise()).rejects.toMatchObject({ code: 'internal_error' });
  });

  it('that is not answered in time ends at its deadline', async () => {
    const gate = Promise.withResolvers<{ summary: string }>();
    answer = () => gate.promise;
    await expect(summarise(100)).rejects.toMatchObject({ code: 'deadline_exceeded', status: 504 });
    gate.resolve({ summary: '' });
  });

  it('that may be done twice is asked again when it was not answered in time, as often as was said', async () => {
    let asked = 0;
    answer = ({ callId }) => ((asked += 1) < 3 ? sleep(200, { summary: 'late' }) : Promise.resolve({ summary: callId }));
    const ask = (tries: number): Promise<unknown> => client.ask(SummariseV1, { callId: newCallId() }, { timeoutMs: 60, tries });
    await expect(ask(2)).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(asked).toBe(2);
    asked = 0;
    await expect(ask(3)).resolves.toMatchObject({ summary: expect.any(String) });
    answer = () => Promise.reject(new TransientError('busy', 'not now'));
    await expect(ask(3)).rejects.toMatchObject({ code: 'busy' });
  });

  it('that nobody answers is told at once', async () => {
    const begun = performance.now();
    await expect(client.ask(AttachV1, { callId: newCallId(), legId: newCallId(), tenant: 'demo', agent: 'main', format: 'ulaw', language: 'es', caller: '', called: '' }, { timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'no_one_answers' });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('that this service may not ask is refused by the server', async () => {
    await expect(new CommandClient(voiceBus).ask(SummariseV1, { callId: newCallId() }, { timeoutMs: 2_000 })).rejects.toMatchObject({ code: 'bus_failed', message: expect.stringMatching(/permission/i) });
    await expect(new CommandClient(voiceBus).ask(HangupV1, { callId: newCallId(), reason: 'test', by: 'agent' }, { timeoutMs: 2_000 })).rejects.toMatchObject({ code: 'no_one_answers' });
  });

  it('is answered by one of several replicas', async () => {
    const second = await startResponder();
    let answers = 0;
    answer = () => Promise.resolve({ summary: String((answers += 1)) });
    for (let index = 0; index < 20; index += 1) await summarise();
    await second.close();
    expect(answers).toBe(20);
  });

  it('in work is ended before the responder closes', async () => {
    const lone = await startResponder();
    await responders[0]?.close();
    const gate = Promise.withResolvers<{ summary: string }>();
    let begun = false;
    answer = () => {
      begun = true;
      return gate.promise;
    };
    const asked = summarise(5_000);
    await eventually('it has begun', () => begun);
    const closing = lone.close();
    gate.resolve({ summary: 'in time' });
    await expect(asked).resolves.toEqual({ summary: 'in time' });
    await closing;
    await startResponder();
  });
});

describe('NATS away', () => {
  it('refuses at once, sends nothing late, and works again afterwards', async () => {
    let asked = 0;
    answer = () => Promise.resolve({ summary: String((asked += 1)) });
    await lab.nats.kill();
    await eventually('it notices', () => !gatewayBus.connected);
    await expect(summarise()).rejects.toMatchObject({ code: 'bus_away', retryable: true });
    await lab.nats.restart();
    await eventually('it is answered again', summarise, 20_000);
    // Those refused meanwhile were not kept and sent after the reconnect: the one that got through is the first.
    expect(asked).toBe(1);
  });
});
