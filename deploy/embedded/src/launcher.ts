import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StackState } from '@troncal/contracts';
import type { AsteriskPart } from '@troncal/parts';
import { asteriskProcess, edgeDatabaseStatements, asteriskReady } from './asterisk-server.js';
import { printBanner } from './banner.js';
import { bundledCode, unbundledCode } from './bundle/bundled-code.js';
import type { ServiceCode } from './bundle/service-code.js';
import { ChildRegistry } from './child-registry.js';
import { adminUrl, bootstrapDatabase, DATABASE, databaseSecret } from './database-bootstrap.js';
import { claimState } from './launcher-lock.js';
import { gdmsPlan } from './gdms-plan.js';
import { logTail } from './log-file.js';
import { UsageError, type StartOptions } from './options.js';
import { declareEdges } from './declare-edges.js';
import { edgePlaces, type EdgePlace } from './edge-places.js';
import { choosePorts, numbered, type GatewayName, type Ports } from './ports.js';
import { natsSecret, natsProcess, natsReady, OBSERVER } from './nats-server.js';
import { OwnApi } from './own-api.js';
import { initPostgres, postgresProcess, postgresReady, type PostgresPlan } from './postgres-server.js';
import { gatherPrograms, type ProgramParts } from './program-parts.js';
import { waitUntilReady, type ReadyCheck, type ReadyOutcome } from './readiness.js';
import { openSecrets, type Secrets } from './secrets.js';
import { seedDemo } from './seed/demo-tenant.js';
import { seedGdmsAccount } from './seed/gdms-account.js';
import { seedEnvironment } from './seed/twilio-environment.js';
import { ARI_USER, ariPassword, LIGHT_SERVICES, mediaUrl, readyUrl, serviceEnv, serviceUrl, SIP_REALM, type HostedName, type ServicePlan } from './service-plan.js';
import { gatewayProcess, gdmsSimulatorProcess, ownProcess, lightProcess, simulatorProcess, twilioSimulatorProcess } from './service-processes.js';
import { makeStateDirs, stateLayout, type StateLayout } from './state-layout.js';
import { StateWriter } from './state-writer.js';
import { SupervisedProcess, type ProcessSpec } from './supervised-process.js';
import type { Terminal } from './terminal.js';
import { twilioPlan } from './twilio-plan.js';

const READY_WITHIN_MS = 90_000;
/** A part that died this often before it was ready will not get there. */
const HOPELESS_FAILURES = 6;
/** What callers miss first, in the order of missing: the telephones, then those who speak with them; last whatever is in neither. */
const MISSED: readonly (readonly string[])[] = [['postgres', 'nats', 'asterisk', 'ari-gateway'], ['realtime-voice', 'openai-simulator', 'twilio-simulator']];
/** The next ones are started then all the same. */
const LISTENS_WITHIN_MS = 4_000;

/** A part that must be there didn't come up; the message holds the end of its log. */
export class StartFailedError extends Error {
  override readonly name = 'StartFailedError';
}

/**
 * One running Troncal: starts its parts in order, keeps each running, and stops all of them and nothing else.
 * `start` resolves when everything is ready (or is said not to be), `stop` when every child is gone.
 */
export class Launcher {
  private readonly children: SupervisedProcess[] = [];
  private readonly layout: StateLayout;
  private unlock: (() => void) | undefined;
  private registry: ChildRegistry | undefined;
  private state: StateWriter | undefined;
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly options: StartOptions,
    private readonly cloneDir: string,
    private readonly terminal: Terminal,
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {
    this.layout = stateLayout(options.stateDir);
  }

  /** @throws AlreadyRunningError, UsageError, PartUnavailableError, StartFailedError */
  async start(): Promise<void> {
    const { layout, terminal, options } = this;
    makeStateDirs(layout, options);
    const claim = claimState(layout.lockFile);
    this.unlock = () => claim.release();
    this.registry = new ChildRegistry(layout.childrenFile);
    const leftovers = await this.registry.stopLeftovers();
    if (leftovers.length > 0) terminal.step(`stopped what an unclean end had left running: ${leftovers.join(', ')}`);

    const secrets = openSecrets(layout);
    const programs = await gatherPrograms(options, terminal);
    const ports = await choosePorts(options, layout.portsFile);
    const plan = this.servicePlan(programs, ports, secrets, await this.serviceCode());
    const state = (this.state = this.firstState(programs, ports, secrets, plan));

    await this.startPostgres({ part: programs.postgres, dataDir: layout.postgresDataDir, port: ports.postgres, superuserPassword: secrets.of(databaseSecret('postgres')) }, secrets);
    await this.run(natsProcess({ part: programs.nats, natsDir: layout.natsDir, port: ports.nats, secrets }));
    if (!(await natsReady(ports.nats, 20_000))) throw this.failed('nats');
    terminal.done(`NATS ${programs.nats.version} with JetStream on 127.0.0.1:${ports.nats}`);

    const waiting = await this.startServices(plan, programs);
    if (this.stopping) return;
    this.tellLogsOf(waiting);
    if (waiting.length === 0) state.change({ demo: await this.seed(plan), phase: 'ready' });
    if (this.stopping) return;
    const missing = programs.edgeLeftOut === 'unavailable' ? ['telephones'] : [];
    printBanner(terminal, { state: state.current, programs, notReady: [...missing, ...waiting.map(({ name }) => name)] });
    if (waiting.length > 0) void this.waitOn(waiting.map(({ name }) => name), plan, state);
  }

  private async serviceCode(): Promise<ServiceCode> {
    try {
      return await bundledCode(this.cloneDir, () => this.terminal.step('bundling the services (once for each change of their code)'));
    } catch (error) {
      this.terminal.warn(`the services could not be bundled, and start more slowly: ${(error as Error).message}`);
      return unbundledCode(this.layout.compiledDir);
    }
  }

  /** Goes on waiting in the background: what was slow, or mended, becomes ready without a new start. */
  private async waitOn(names: readonly string[], plan: ServicePlan, state: StateWriter): Promise<void> {
    const checks = this.checksOf(names, plan);
    await waitUntilReady(checks, Infinity, (name) => this.terminal.done(`${name} is ready`), () => this.stopping !== undefined);
    if (this.stopping) return;
    state.change({ demo: await this.seed(plan), phase: 'ready' });
    this.terminal.done('Troncal is ready');
  }

  /** Stops services, then Asterisk, NATS and PostgreSQL. May be called at any time and more than once. */
  stop(reason: string): Promise<void> {
    this.stopping ??= this.stopAll(reason);
    return this.stopping;
  }

  /**
   * Leaves these processes down when they end, until they are released; all of them together, since an outage has one end.
   * @throws UsageError when there is no such process
   */
  hold(names: readonly string[]): void {
    for (const child of this.named(names)) child.hold();
  }

  /**
   * Ends `hold` and starts what is down, one group after the other: all at once they would share the processors, and calls would wait for their
   * gateway as long as for everything else.
   */
  async release(names: readonly string[]): Promise<void> {
    const wanted = this.named(names);
    const placeOf = ({ name }: SupervisedProcess): number => MISSED.findIndex((group) => group.includes(name)) + 1 || MISSED.length + 1;
    const groups = [...new Set(wanted.map(placeOf))].toSorted((a, b) => a - b).map((place) => wanted.filter((child) => placeOf(child) === place));
    for (const [at, group] of groups.entries()) {
      await Promise.all(group.map((child) => child.release()));
      if (at < groups.length - 1) await Promise.all(group.map((child) => child.listening(LISTENS_WITHIN_MS)));
    }
  }

  private named(names: readonly string[]): SupervisedProcess[] {
    return names.map((name) => {
      const child = this.children.find((each) => each.name === name);
      if (!child) throw new UsageError(`no process ${name} runs here: ${this.children.map((each) => each.name).join(', ')}`);
      return child;
    });
  }

  private async stopAll(reason: string): Promise<void> {
    this.terminal.plain(`\n  stopping Troncal (${reason}) …`);
    this.state?.change({ phase: 'stopping' });
    const ofPlatform = [/^asterisk/, /^nats$/, /^postgres$/];
    const services = this.children.filter(({ name }) => !ofPlatform.some((part) => part.test(name)));
    await Promise.all(services.map((child) => child.stop()));
    for (const part of ofPlatform) await Promise.all(this.children.filter(({ name }) => part.test(name)).map((child) => child.stop()));
    this.state?.change({ phase: 'stopped', processes: [] });
    this.unlock?.();
    this.terminal.plain('  stopped. The data are kept; npm start goes on with them, npm run reset forgets them.');
  }

  private async startPostgres(plan: PostgresPlan, secrets: Secrets): Promise<void> {
    await initPostgres(plan);
    const child = await this.run(postgresProcess(plan));
    const ready = await this.until(child, () => postgresReady(plan.dataDir, 1_000), 60_000);
    if (!ready) throw this.failed('postgres');
    await bootstrapDatabase(plan.port, secrets, edgeDatabaseStatements(secrets));
    this.terminal.done(`PostgreSQL ${plan.part.version} on 127.0.0.1:${plan.port}`);
  }

  private async startServices(plan: ServicePlan, programs: ProgramParts): Promise<ReadyOutcome[]> {
    const { terminal, cloneDir } = this;
    if (plan.openAi.simulated) await this.run(simulatorProcess(plan, cloneDir));
    if (plan.twilio.simulated) await this.run(twilioSimulatorProcess(plan, cloneDir));
    if (plan.gdms.simulated) await this.run(gdmsSimulatorProcess(plan, cloneDir));
    for (const name of plan.gateways) await this.run(gatewayProcess(name, plan, cloneDir));
    await this.run(ownProcess('realtime-voice', plan, cloneDir));
    const light = { services: LIGHT_SERVICES.map((name) => ({ name, module: plan.code.module(name), env: serviceEnv(name, plan) })) };
    await this.run(lightProcess(light, plan, cloneDir));
    if (programs.asterisk) await this.startEdges(plan, programs.asterisk);

    const checks = this.checksOf([...LIGHT_SERVICES, ...plan.gateways, 'realtime-voice'], plan);
    const hopeless = (name: string): boolean => this.stopping !== undefined || (this.childOf(name)?.failuresInARow ?? 0) >= HOPELESS_FAILURES;
    const outcomes = await waitUntilReady(checks, READY_WITHIN_MS, (name) => terminal.done(`${name} is ready`), hopeless);
    return outcomes.filter(({ ready }) => !ready);
  }

  private checksOf(names: readonly string[], plan: ServicePlan): ReadyCheck[] {
    return names.map((name) => ({ name, url: readyUrl(name as HostedName | GatewayName, plan) }));
  }

  /** The process that hosts a service. */
  private childOf(service: string): SupervisedProcess | undefined {
    return this.children.find(({ name }) => name === this.logOf(service));
  }

  private tellLogsOf(waiting: readonly ReadyOutcome[]): void {
    for (const { name, lastAnswer } of waiting) this.terminal.warn(`${name} is not ready: ${lastAnswer}`);
    for (const log of new Set(waiting.map(({ name }) => this.logOf(name)))) this.terminal.plain(`\n  the end of ${log}.log:\n${indent(logTail(this.layout.logsDir, log))}`);
  }

  /** Asterisk reads views that ari-gateway's migrations make, so it waits for them a while; it copes without, but complains. */
  private async startEdges(plan: ServicePlan, part: AsteriskPart): Promise<void> {
    const gateway = { name: 'ari-gateway', url: `${serviceUrl('ari-gateway', plan.ports)}/health/live` };
    await waitUntilReady([gateway], 15_000, () => {}, () => this.stopping !== undefined || (this.childOf('ari-gateway')?.failuresInARow ?? 0) >= 3);
    await Promise.all(plan.edges.map((place) => this.startAsterisk(plan, part, place)));
    await declareEdges(plan, this.ownApi('ari-gateway', plan), this.layout.edgesFile, this.terminal, () => this.stopping !== undefined);
  }

  private async startAsterisk(plan: ServicePlan, part: AsteriskPart, place: EdgePlace): Promise<void> {
    const child = await this.run(asteriskProcess(part, plan, this.options, place));
    const ready = await this.until(child, () => asteriskReady(plan, place), 20_000);
    const which = plan.edges.length === 1 ? 'Asterisk' : `${place.edgeId}, Asterisk`;
    if (ready) this.terminal.done(`${which} ${part.version}: SIP on ${this.options.sipBind}:${place.ports.sip}`);
    else this.terminal.warn(`${which} does not answer yet; it is kept trying. The end of its log:\n${indent(logTail(this.layout.logsDir, place.name))}`);
  }

  private async seed(plan: ServicePlan): Promise<StackState['demo']> {
    try {
      await seedEnvironment(this.ownApi('front-door', plan), plan.twilio, serviceUrl('front-door', plan.ports));
      await seedGdmsAccount(this.ownApi('front-door', plan), plan.gdms);
    } catch (error) {
      this.terminal.warn(`the environment of tenants could not be made: ${(error as Error).message}`);
    }
    if (this.options.withoutDemo) return null;
    try {
      return await seedDemo(this.ownApi('front-door', plan), this.layout.demoFile);
    } catch (error) {
      this.terminal.warn(`the demo tenant could not be made: ${(error as Error).message}`);
      return null;
    }
  }

  private ownApi(service: Parameters<typeof serviceUrl>[0], { ports }: ServicePlan): OwnApi {
    return new OwnApi(serviceUrl(service, ports), fs.readFileSync(this.layout.adminKeyFile, 'utf8').trim(), () => this.stopping !== undefined);
  }

  /** Waits for `probe` as long as there is hope for `child`. */
  private async until(child: SupervisedProcess, probe: () => Promise<boolean>, withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline && !this.stopping && child.failuresInARow < HOPELESS_FAILURES) {
      if (await probe()) return true;
      await sleep(25);
    }
    return false;
  }

  private async run(spec: ProcessSpec): Promise<SupervisedProcess> {
    if (this.stopping || !this.registry) throw new StartFailedError('stopped while starting');
    const child: SupervisedProcess = new SupervisedProcess(spec, this.layout.logsDir, this.registry, {
      started: (name, pid) => this.state?.started(name, pid),
      died: (name, how, retryInMs) => {
        this.state?.gone(name);
        this.tellDeath(name, how, retryInMs, child.failuresInARow);
      },
    });
    this.children.push(child);
    await child.start();
    return child;
  }

  /** The first few deaths one by one, then once that it goes on. */
  private tellDeath(name: string, how: string, retryInMs: number | null, inARow: number): void {
    if (retryInMs === null) return this.terminal.warn(`${name} ended (${how}) and is held down`);
    if (inARow <= 3) this.terminal.warn(`${name} ended (${how}); starting it again${retryInMs > 0 ? ` in ${retryInMs} ms` : ''}`);
    if (inARow === 4) this.terminal.warn(`${name} keeps ending (${how}); it is tried again and again, see ${path.join(this.layout.logsDir, `${name}.log`)}`);
  }

  private failed(name: string): StartFailedError {
    return new StartFailedError(`${name} did not start. The end of ${path.join(this.layout.logsDir, `${name}.log`)}:\n${indent(logTail(this.layout.logsDir, name))}`);
  }

  /** Light services share one log and one process. */
  private logOf(name: string): string {
    return (LIGHT_SERVICES as readonly string[]).includes(name) ? 'light' : name;
  }

  private servicePlan(programs: ProgramParts, ports: Ports, secrets: Secrets, code: ServiceCode): ServicePlan {
    const edges = edgePlaces(this.options, ports, this.layout);
    const key = this.env['OPENAI_API_KEY'] ?? '';
    const simulated = key === '';
    const url = simulated ? `ws://127.0.0.1:${ports.simulator}/v1/realtime` : (this.env['OPENAI_REALTIME_URL'] ?? 'wss://api.openai.com/v1/realtime');
    return {
      layout: this.layout,
      code,
      edges,
      gateways: Array.from({ length: this.options.gateways }, (_, index) => numbered('ari-gateway', index + 1)),
      ports,
      secrets,
      espeak: programs.espeak,
      edgeLeftOut: programs.edgeLeftOut,
      media: this.options.media,
      openAi: { url, key: simulated ? 'simulated' : key, model: this.env['OPENAI_REALTIME_MODEL'], simulated },
      twilio: twilioPlan({ env: this.env, secrets, port: ports.twilio, publicUrl: this.options.publicUrl, apiUrl: serviceUrl('front-door', ports), sip: programs.asterisk && { host: this.sipHost, port: ports.sip, isPublic: this.options.externalAddress !== null } }),
      gdms: gdmsPlan({ env: this.env, secrets, port: ports.gdms }),
      serviceEnv: this.options.serviceEnv,
      baseEnv: this.env,
    };
  }

  /** Where telephones find this machine. */
  private get sipHost(): string {
    const { externalAddress, sipBind } = this.options;
    return externalAddress ?? (/^(0\.0\.0\.0|::)$/.test(sipBind) ? '127.0.0.1' : sipBind);
  }

  private firstState(programs: ProgramParts, ports: Ports, secrets: Secrets, plan: ServicePlan): StateWriter {
    const { layout, options } = this;
    const { sipHost } = this;
    const media = new URL(mediaUrl(ports));
    return new StateWriter(layout.stateFile, layout.logsDir, {
      http: { url: serviceUrl('front-door', ports), apiKeyFile: layout.adminKeyFile },
      nats: { url: `nats://127.0.0.1:${ports.nats}`, observer: { user: OBSERVER, password: secrets.of(natsSecret(OBSERVER)) } },
      postgres: { host: '127.0.0.1', port: ports.postgres, database: DATABASE, adminUrl: adminUrl(ports.postgres, secrets) },
      sip: programs.asterisk ? { host: sipHost, port: ports.sip, bind: options.sipBind, realm: SIP_REALM } : null,
      asterisk: programs.asterisk
        ? { ariUrl: ariUrl(plan.edges[0]), ariUser: ARI_USER, ariPassword: ariPassword(secrets, plan.edges[0]), version: programs.asterisk.version }
        : null,
      edges: programs.asterisk ? plan.edges.map((place) => ({ edgeId: place.edgeId, process: place.name, sip: { host: sipHost, port: place.ports.sip }, ariUrl: ariUrl(place), ariPassword: ariPassword(secrets, place) })) : [],
      media: { host: media.hostname, port: Number(media.port) },
      openAi: { url: plan.openAi.url, simulated: plan.openAi.simulated, controlUrl: plan.openAi.simulated ? `http://127.0.0.1:${ports.simulator}` : null },
      twilio: { simulated: plan.twilio.simulated, accountSid: plan.twilio.accountSid, publicUrl: plan.twilio.publicUrl, controlUrl: plan.twilio.apiUrl, ...simulatedSip(plan) },
      gdms: { simulated: plan.gdms.simulated, controlUrl: plan.gdms.apiUrl },
      demo: null,
      espeak: programs.espeak ? [...programs.espeak.command] : null,
      leftOut: [...programs.leftOut],
      directories: { state: layout.stateDir, logs: layout.logsDir, recordings: layout.recordingsDir, sounds: layout.soundsDir },
    });
  }
}

function simulatedSip({ twilio, ports }: ServicePlan): Pick<NonNullable<StackState['twilio']>, 'sip' | 'trunk'> {
  const at = (port: number) => ({ host: '127.0.0.1', port });
  return twilio.simulated ? { sip: at(ports['twilio-sip']), trunk: at(ports['twilio-trunk']) } : { sip: null, trunk: null };
}

const ariUrl = (place: EdgePlace): string => `http://127.0.0.1:${place.ports.ari}`;

/** The clone's top folder, seen from the compiled launcher. */
export const CLONE_DIR = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

function indent(text: string): string {
  return text === '' ? '' : text.split('\n').map((line) => `      ${line}`).join('\n');
}

