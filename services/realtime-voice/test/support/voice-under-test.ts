import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatSamples, encodeUlaw, silence, tone } from '@troncal/audio';
import { AttachV1, LegOutcomeV1, type CallEndedV1, type CommandDefinition } from '@troncal/contracts';
import { newCallId, newId, newLegId } from '@troncal/kernel';
import { Bus, CommandClient, JetStreamPublisher } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { startOpenAiRealtimeSimulator, type Behaviour, type LoggedEvent, type LoggedSession, type OpenAiRealtimeSimulator } from '@troncal/simulator-openai-realtime';
import { eventually, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import type { z } from 'zod';
import { startService, type RunningRealtimeVoice } from '../../src/index.js';
import { FakeAsterisk, type FakeAsteriskOptions } from './fake-asterisk.js';
import { FakeGateway } from './fake-gateway.js';
import { FakeTwilio } from './fake-twilio.js';

type Attach = z.input<typeof AttachV1.request>;

/** A call as a test drives it. */
export interface TestCall {
  readonly callId: string;
  readonly legId: string;
  readonly conversationId: string;
  readonly peer: FakeAsterisk;
}

/** A call on Twilio's rail as a test drives it. */
export interface StreamedCall {
  readonly callId: string;
  readonly legId: string;
  readonly conversationId: string;
  readonly peer: FakeTwilio;
}

/** An agent that one test has to itself. Upgrades can't be refused for it alone: a provider learns of the agent when a session has begun. */
export interface OwnAgent {
  readonly agent: string;
  /** The provider's sessions of calls to it, oldest first. */
  readonly sessions: () => readonly LoggedSession[];
  /** Its sessions behave so from now on, the live ones too unless it is said for how many. */
  readonly behave: (behaviour: Behaviour) => void;
  /** The provider drops its sessions. */
  readonly drop: () => void;
}

/** What a test's own call is made with, beyond what its agent's sessions do. */
export interface OwnCallOptions {
  /** Of the agent, beyond BRIEF's. */
  readonly settings?: object;
  /** What all sessions do from before the call on, until the simulator is reset: a refused upgrade is nobody's own. */
  readonly everybody?: Behaviour;
  readonly attach?: Partial<Attach>;
  readonly peer?: FakeAsteriskOptions;
}

/** realtime-voice with a simulator behind it, a gateway's user before it, and real PostgreSQL and NATS beneath. */
export interface VoiceUnderTest {
  readonly service: ServiceUnderTest;
  readonly simulator: OpenAiRealtimeSimulator;
  readonly gateway: FakeGateway;
  readonly mediaPort: () => number;
  readonly audioSocketPort: () => number;
  ask<Q extends z.ZodObject, A extends z.ZodObject>(command: CommandDefinition<Q, A>, data: z.input<Q>, timeoutMs?: number): Promise<z.output<A>>;
  /** An agent of its own, its greeting made, whose sessions behave so and nobody else's. For tests that run beside each other. @param settings beyond BRIEF's */
  agentThat(behaviour: Behaviour, settings?: object): Promise<OwnAgent>;
  /** Runs a test in a call to an agent of its own, see `agentThat`; hung up afterwards. Resolves to what the test gives. */
  inCall<T>(behaviour: Behaviour, test: (call: TestCall & OwnAgent) => Promise<T>, options?: OwnCallOptions): Promise<T>;
  /** As `inCall`, on Twilio's rail; rejects when Twilio would have complained of a message. */
  inStream(behaviour: Behaviour, test: (call: StreamedCall & OwnAgent) => Promise<void>, options?: OwnCallOptions): Promise<void>;
  attach(over?: Partial<Attach>): Promise<{ callId: string; legId: string; conversationId: string }>;
  call(over?: Partial<Attach>, options?: FakeAsteriskOptions): Promise<TestCall>;
  /** Where its HTTP answers, and Twilio's streams arrive. */
  url(): string;
  /** Attached by provisioning for a stream; the key 0 leads to a person. */
  attachStream(over?: Partial<Attach>): Promise<{ callId: string; legId: string; conversationId: string }>;
  /** Attached so, and Twilio's stream is there. */
  stream(over?: Partial<Attach>): Promise<StreamedCall>;
  /** How a leg ended, as provisioning hears it. */
  outcome(legId: string): Promise<z.output<typeof LegOutcomeV1.reply>>;
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
  const [bus, otherBus] = (['ari-gateway', 'provisioning'] as const).map((name) => new Bus({ ...service.nats.login(name), logger: createLogger({ service: name, level: 'silent' }) })) as [Bus, Bus];
  for (const each of [bus, otherBus]) each.start();
  await Promise.all([bus.connection(), otherBus.connection()]);
  const commands = new CommandClient(bus);
  const provisioning = new CommandClient(otherBus);
  const gateway = await FakeGateway.start(await bus.connection());
  let agents = 0;
  const mediaPort = (): number => running!.mediaPort;
  const audioSocketPort = (): number => running!.audioSocketPort!;

  const attachBy = (client: CommandClient) => async (over: Partial<Attach> = {}): Promise<{ callId: string; legId: string; conversationId: string }> => {
    const request = { callId: newCallId(), legId: newLegId(), tenant: 'demo', agent: 'default', format: 'ulaw' as const, language: 'es' as const, caller: '202', called: '100', ...over };
    const { conversationId } = await client.ask(AttachV1, request, { timeoutMs: 10_000 });
    return { callId: request.callId, legId: request.legId, conversationId };
  };
  const attach = attachBy(commands);
  const attachStream: typeof attach = (over) => attachBy(provisioning)({ digits: ['0'], ...over });
  const voice: VoiceUnderTest = {
    service,
    simulator,
    url: () => running!.url,
    attachStream,
    stream: async (over) => {
      const attached = await attachStream(over);
      return { ...attached, peer: await FakeTwilio.connect(running!.url, { leg: attached.legId }) };
    },
    outcome: (leg) => provisioning.ask(LegOutcomeV1, { leg }),
    gateway,
    mediaPort,
    audioSocketPort,
    ask: (command, data, timeoutMs = 10_000) => commands.ask(command, data, { timeoutMs }),
    agentThat: async (behaviour, settings = {}) => {
      const agent = `agent-${(agents += 1)}`;
      await service.apiOf('demo').expect('PUT', `/api/agents/${agent}`, { ...BRIEF, instructions: `Be ${agent}. [[simulator as ${agent}]]`, ...settings });
      const isItsOwn = ({ type, event }: LoggedEvent): boolean => type === 'session.update' && JSON.stringify(event).includes(`[[simulator as ${agent}]]`);
      // The session in which the provider speaks its greeting ahead of calls has no tools.
      const hasTools = ({ type, event }: LoggedEvent): boolean => type === 'session.update' && JSON.stringify(event).includes('"tools":[{');
      const all = (): readonly LoggedSession[] => simulator.sessions().filter(({ events }) => events.some(isItsOwn));
      await eventually('its greeting is made', () => all().some(({ events, closed }) => closed !== undefined && events.some(({ type }) => type === 'response.output_audio_transcript.done')), 20_000);
      const behave = (how: Behaviour): void => simulator.setFaults({ ...how, as: agent });
      behave(behaviour);
      const sessions = (): readonly LoggedSession[] => all().filter(({ events }) => events.some(hasTools));
      return { agent, behave, sessions, drop: () => simulator.drop((session) => sessions().includes(session)) };
    },
    inCall: async (behaviour, test, { settings, everybody, attach: over, peer } = {}) => {
      const own = await voice.agentThat(behaviour, settings);
      if (everybody !== undefined) simulator.setFaults(everybody);
      const call = await voice.call({ agent: own.agent, ...over }, peer);
      return test({ ...own, ...call }).finally(() => call.peer.hangUp());
    },
    inStream: async (behaviour, test, { settings, attach: over } = {}) => {
      const own = await voice.agentThat(behaviour, settings);
      const call = await voice.stream({ agent: own.agent, ...over });
      await test({ ...own, ...call }).finally(() => call.peer.hangUp());
      if (call.peer.complaints.length > 0) throw new Error(`Twilio would have complained of ${call.peer.complaints.join(', ')}`);
    },
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
      await Promise.all([bus.close(), otherBus.close()]);
      await service.stop();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return voice;
}

/** What a caller says: a tone, and the silence that ends the turn. */
export const says = (hz: number, ms = 700): Uint8Array => encodeUlaw(concatSamples([tone(hz, ms), silence(200)]));
