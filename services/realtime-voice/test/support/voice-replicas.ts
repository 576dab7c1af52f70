import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentLeavingV1, ConversationEndedV1, ConversationStartedV1, TurnCompletedV1, type CommandDefinition, type EventDefinition } from '@troncal/contracts';
import { Bus, CommandClient, type AskOptions } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { startOpenAiRealtimeSimulator, type OpenAiRealtimeSimulator } from '@troncal/simulator-openai-realtime';
import { eventually, freePort, programEnv, serviceProgram, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import type { z } from 'zod';
import { FakeGateway } from './fake-gateway.js';
import { FollowedCall } from './followed-call.js';
import { TcpBalancer } from './tcp-balancer.js';

/** One process of the service. */
export interface Replica {
  readonly url: string;
  readonly mediaPort: number;
  readonly child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

/** Several processes of realtime-voice on one database and bus, one address for their media ports, and a gateway that keeps its callers. */
export class VoiceReplicas {
  readonly replicas: Replica[] = [];
  private readonly calls: FollowedCall[] = [];
  private settings: Readonly<Record<string, string | undefined>> = {};

  private constructor(
    readonly simulator: OpenAiRealtimeSimulator,
    private readonly balancer: TcpBalancer,
    private readonly folder: string,
  ) {}

  service!: ServiceUnderTest;
  private readonly buses: Bus[] = [];
  private commands!: CommandClient;
  private provisioning!: CommandClient;

  static async start(count: number, env: Readonly<Record<string, string>> = {}): Promise<VoiceReplicas> {
    const folder = mkdtempSync(join(tmpdir(), 'troncal-voices-'));
    const simulator = await startOpenAiRealtimeSimulator();
    const lab = new VoiceReplicas(simulator, await TcpBalancer.start([]), folder);
    lab.service = await startUnderTest('realtime-voice', (settings) => lab.first(settings), {
      tenants: ['demo'],
      env: { MEDIA_HOST: '127.0.0.1', OPENAI_REALTIME_URL: simulator.url, SIMULATED: 'true', PROMPT_CACHE_DIR: folder, ...env },
    });
    const bus = lab.busOf('ari-gateway');
    const connection = await bus.connection();
    lab.commands = new CommandClient(bus);
    lab.provisioning = new CommandClient(lab.busOf('provisioning'));
    const gateway = await FakeGateway.start(connection);
    gateway.answer(AgentLeavingV1, ({ callId, legId }) => ({ accepted: lab.calls.find((call) => call.callId === callId)?.leaving(String(legId)) ?? false }));
    await connection.flush();
    while (lab.replicas.length < count) await lab.add();
    return lab;
  }

  /** One more process; resolves when it is ready and behind the common address. @param httpPort any free one when absent */
  async add(httpPort?: number): Promise<Replica> {
    const replica = await this.spawn({ ...this.settings, HTTP_PORT: String(httpPort ?? (await freePort())) });
    await eventually('the replica is ready', async () => (await fetch(new URL('/health/ready', replica.url))).status === 200, 30_000);
    return replica;
  }

  /** Waits until so many greetings have been spoken by the provider; until then a call would wait for its own. */
  greetingsMade(count: number): Promise<unknown> {
    return eventually(`${count} greetings are made`, async () => (await readdir(this.folder)).filter((file) => file.endsWith('.ulaw')).length >= count, 30_000);
  }

  /** How many calls a replica serves. */
  async servedBy({ url }: Replica): Promise<number> {
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    return Number(/^troncal_voice_live_count\{.*\} (\d+)$/m.exec(metrics)?.[1]);
  }

  /** A caller, greeted. */
  async call(agent = 'brief'): Promise<FollowedCall> {
    const call = new FollowedCall((command, data, timeoutMs) => this.ask(command, data, timeoutMs), () => this.balancer.port, agent);
    this.calls.push(call);
    await call.begin();
    await eventually('the greeting is over', () => call.peer.heard.length > 20 && call.peer.queuedFrames === 0, 20_000);
    return call;
  }

  ask<Q extends z.ZodObject, A extends z.ZodObject>(command: CommandDefinition<Q, A>, data: z.input<Q>, timeoutMs = 5_000): Promise<z.output<A>> {
    return this.commands.ask(command, data, { timeoutMs });
  }

  /** As `ask`, by provisioning, which holds calls on Twilio's rail. */
  askByProvisioning<Q extends z.ZodObject, A extends z.ZodObject>(command: CommandDefinition<Q, A>, data: z.input<Q>, options: AskOptions = {}): Promise<z.output<A>> {
    return this.provisioning.ask(command, data, options);
  }

  /** What was told of a call, in the order of its conversation. */
  told<Data>(definition: EventDefinition<Data>, callId: string): (Data & { readonly sequence: number })[] {
    return this.service.events
      .flatMap(({ envelope }) => (envelope.type === definition.type && envelope.correlationid === callId ? [{ ...definition.read(envelope).data, sequence: envelope.sequence }] : []))
      .toSorted((a, b) => a.sequence - b.sequence);
  }

  /** A call's story: who began and ended it, and its turns by number. */
  story(callId: string): { readonly began: number; readonly resumed: number; readonly ended: readonly string[]; readonly turns: readonly (readonly [number, string])[] } {
    const started = this.told(ConversationStartedV1, callId);
    return {
      began: started.filter((event) => !event.resumed).length,
      resumed: started.filter((event) => event.resumed).length,
      ended: this.told(ConversationEndedV1, callId).map((event) => event.reason),
      turns: this.told(TurnCompletedV1, callId).map((turn) => [turn.turn, turn.role] as const).toSorted((a, b) => a[0] - b[0]),
    };
  }

  async stop(): Promise<void> {
    for (const call of this.calls) call.hangUp();
    await Promise.all(this.buses.map((bus) => bus.close()));
    for (const { child } of this.replicas) child.kill('SIGKILL');
    await Promise.all(this.replicas.map((replica) => replica.ended));
    await this.service.stop();
    await this.balancer.close();
    await this.simulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private busOf(name: 'ari-gateway' | 'provisioning'): Bus {
    const bus = new Bus({ ...this.service.nats.login(name), logger: createLogger({ service: name, level: 'silent' }) });
    bus.start();
    this.buses.push(bus);
    return bus;
  }

  private async first(settings: Readonly<Record<string, string | undefined>>): Promise<{ url: string; close(): Promise<void> }> {
    this.settings = settings;
    const { url } = await this.spawn(settings);
    return { url, close: () => Promise.resolve() };
  }

  private async spawn(settings: Readonly<Record<string, string | undefined>>): Promise<Replica> {
    const mediaPort = await freePort();
    const child = fork(serviceProgram('realtime-voice'), { env: { ...programEnv(), ...settings, MEDIA_PORT: String(mediaPort) }, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const ended = new Promise<number | string | null>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    const url = await new Promise<string>((resolve, reject) => {
      child.on('message', (message) => resolve((message as { url: string }).url));
      void ended.then((how) => reject(new Error(`realtime-voice ended with ${how} before it listened`)));
    });
    const replica = { url, mediaPort, child, ended };
    this.replicas.push(replica);
    this.balancer.use(this.replicas.map((each) => each.mediaPort));
    void ended.then(() => {
      this.replicas.splice(this.replicas.indexOf(replica), 1);
      this.balancer.use(this.replicas.map((each) => each.mediaPort));
    });
    return replica;
  }
}
