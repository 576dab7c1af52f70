import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatSamples, encodeUlaw, silence, tone } from '@troncal/audio';
import { AttachV1, type CallEndedV1, type CommandDefinition } from '@troncal/contracts';
import { newCallId, newId, newLegId } from '@troncal/kernel';
import { Bus, CommandClient, JetStreamPublisher } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { startOpenAiRealtimeSimulator, type OpenAiRealtimeSimulator } from '@troncal/simulator-openai-realtime';
import { eventually, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import type { z } from 'zod';
import { startService, type RunningRealtimeVoice } from '../../src/index.js';
import { FakeAsterisk, type FakeAsteriskOptions } from './fake-asterisk.js';
import { FakeGateway } from './fake-gateway.js';

type Attach = z.input<typeof AttachV1.request>;

/** A call as a test drives it. */
export interface TestCall {
  readonly callId: string;
  readonly legId: string;
  readonly conversationId: string;
  readonly peer: FakeAsterisk;
}

/** realtime-voice with a simulator behind it, a gateway's user before it, and real PostgreSQL and NATS beneath. */
export interface VoiceUnderTest {
  readonly service: ServiceUnderTest;
  readonly simulator: OpenAiRealtimeSimulator;
  readonly gateway: FakeGateway;
  readonly mediaPort: () => number;
  readonly audioSocketPort: () => number;
  ask<Q extends z.ZodObject, A extends z.ZodObject>(command: CommandDefinition<Q, A>, data: z.input<Q>, timeoutMs?: number): Promise<z.output<A>>;
  attach(over?: Partial<Attach>): Promise<{ callId: string; legId: string; conversationId: string }>;
  call(over?: Partial<Attach>, options?: FakeAsteriskOptions): Promise<TestCall>;
  /** States, as the gateway would, that a call is over. */
  publishCallEnded(definition: typeof CallEndedV1, callId: string): Promise<void>;
  /** Waits until the provider has spoken so many greetings since the start; until then the first call would wait for it. */
  greetingsMade(count: number): Promise<unknown>;
  stop(): Promise<void>;
}

/** An agent whose first sentence takes a second. */
export const BRIEF = { name: 'Brief', instructions: 'Be brief.', greetings: { es: 'Hola.' } };

export async function startVoice(env: Readonly<Record<string, string>> = {}): Promise<VoiceUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-voice-'));
  const simulator = await startOpenAiRealtimeSimulator();
  let running: RunningRealtimeVoice | undefined;
  const service = await startUnderTest('realtime-voice', async (settings) => (running = await startService(settings)), {
    tenants: ['demo', 'other'],
    env: { MEDIA_HOST: '127.0.0.1', MEDIA_PORT: '0', AUDIOSOCKET_PORT: '0', OPENAI_REALTIME_URL: simulator.url, SIMULATED: 'true', PROMPT_CACHE_DIR: folder, DRAIN_SECONDS: '0', ...env },
  });
  const bus = new Bus({ ...service.nats.login('ari-gateway'), logger: createLogger({ service: 'ari-gateway', level: 'silent' }) });
  bus.start();
  await bus.connection();
  const commands = new CommandClient(bus);
  const gateway = await FakeGateway.start(await bus.connection());
  const mediaPort = (): number => running!.mediaPort;
  const audioSocketPort = (): number => running!.audioSocketPort!;

  const attach = async (over: Partial<Attach> = {}): Promise<{ callId: string; legId: string; conversationId: string }> => {
    const request = { callId: newCallId(), legId: newLegId(), tenant: 'demo', agent: 'default', format: 'ulaw' as const, language: 'es' as const, caller: '202', called: '100', ...over };
    const { conversationId } = await commands.ask(AttachV1, request, { timeoutMs: 10_000 });
    return { callId: request.callId, legId: request.legId, conversationId };
  };
  return {
    service,
    simulator,
    gateway,
    mediaPort,
    audioSocketPort,
    ask: (command, data, timeoutMs = 10_000) => commands.ask(command, data, { timeoutMs }),
    attach,
    call: async (over, options) => {
      // As the gateway does: a leg that was turned away for lack of time is followed by another one. (Everything runs in this
      // one process here, so that a provider's oversized message holds up the lookup of a leg as well.)
      for (let tries = 1; ; tries++) {
        const attached = await attach(over);
        const peer = await FakeAsterisk.connect(mediaPort(), attached.legId, options).catch((error: unknown) => {
          if (tries < 4 && String(error).includes('refused with 503')) return undefined;
          throw error;
        });
        if (peer !== undefined) return { ...attached, peer };
      }
    },
    publishCallEnded: async (definition, callId) => {
      const data = { callId, from: '202', to: '100', direction: 'inbound', disposition: 'answered', endedBy: 'caller', cause: 16, durationMs: 1_000, answeredMs: 900 };
      const envelope = { specversion: '1.0', id: newId(), type: definition.type, source: 'ari-gateway', time: new Date().toISOString(), subject: callId, sequence: 1, tenantid: 'demo', correlationid: callId, datacontenttype: 'application/json', data };
      await new JetStreamPublisher(bus).publish({ id: envelope.id, subject: definition.subjectFor('demo'), payload: JSON.stringify(envelope), headers: {} });
    },
    greetingsMade: (count) => eventually(`${count} greetings are made`, async () => (await readdir(folder)).filter((file) => file.endsWith('.ulaw')).length >= count, 20_000),
    stop: async () => {
      await bus.close();
      await service.stop();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a caller says: a tone, and the silence that ends the turn. */
export const says = (hz: number, ms = 700): Uint8Array => encodeUlaw(concatSamples([tone(hz, ms), silence(200)]));
