import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Injectable, Module } from '@nestjs/common';
import { runNestService, type RunningService } from '@troncal/chassis';
import { emergencyPolicySchema, outboundPolicySchema, routeSchema, type RouteInput } from '@troncal/contracts';
import { Database } from '@troncal/persistence';
import { eventually, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { provisioningEnv } from '../../src/config.js';
import { OutboundDesk, type OutboundDecision, type OutboundRequest, type Settlement } from '../../src/outbound/outbound-desk.js';
import { CallFacts, railFactSchema, type RailFact, type RailFactKind, type RailFactOf } from '../../src/rail-calls/call-facts.js';
import { VoiceDirectory } from '../../src/voice/directory/voice-directory.js';
import { VoiceDirectorySource } from '../../src/voice/directory/voice-directory-source.js';
import { QueueLine } from '../../src/voice/flow/queue-line.js';
import type { VoiceEnvironment, VoiceTenant } from '../../src/voice/directory/voice-tenant.js';
import { VOICE_HTTP, VoiceModule } from '../../src/voice/voice.module.js';
import { AnsweredQuestions, type AnswerTally, type QuestionFailure } from '../../src/voice/questions/answered-questions.js';
import { TwilioAsks } from './twilio-asks.js';

export const PUBLIC_URL = 'https://voice.example.com';
export const TOKEN = 'auth-token-of-the-account';
export const DOMAIN = 'communities.sip.twilio.com';

export const environmentOf = (more: Partial<VoiceEnvironment> = {}): VoiceEnvironment => ({ name: 'prod', publicUrl: PUBLIC_URL, tokens: [TOKEN], enhancedSip: false, ...more });

export const routeOf = (route: RouteInput): VoiceTenant['routes'][number]['route'] => routeSchema.parse(route);

/** A community of document 0: office and security behind a menu. */
export function communityOf(more: Partial<VoiceTenant> = {}): VoiceTenant {
  const { domain = DOMAIN, numbers = [{ e164: '+56229145248', route: 'main' }] } = more;
  const number = numbers[0]?.e164 ?? '+56229145248';
  const endpoint = (extension: string, role: string): VoiceTenant['endpoints'][number] => ({ extension, role, displayName: role, rail: 'twilio', username: `${number}-${role}`, callerId: number, enabled: true });
  return {
    environment: 'prod',
    tenant: 'oficina_principal',
    name: 'Oficina Principal',
    country: 'CL',
    language: 'es',
    locale: 'es-CL',
    timeZone: 'America/Santiago',
    suspended: false,
    domain,
    numbers,
    routes: [{ code: 'main', revision: 1, route: MENU }],
    endpoints: [endpoint('101', 'office'), endpoint('102', 'security'), endpoint('103', 'concierge')],
    outbound: outboundPolicySchema.parse({ countries: ['CL'], operator: 'main', menu: 'main' }),
    emergency: emergencyPolicySchema.parse({}),
    ...more,
  };
}

/** 1: office, and when nobody answers the concierge; 2: security; else the farewell. */
export const MENU = routeOf({
  name: 'Main',
  language: 'es',
  start: 'menu',
  nodes: {
    menu: {
      kind: 'menu', prompt: { say: { es: 'Bienvenido. Para administración marque 1, para seguridad marque 2.', en: 'Welcome. Press 1 for the office, 2 for security.' } },
      digits: { '1': 'office', '2': 'security' }, attempts: 2, timeoutMs: 5_000, invalidPrompt: { say: { es: 'Opción no válida.' } }, onTimeout: 'bye',
    },
    office: { kind: 'ring', extensions: ['101'], timeoutMs: 20_000, onNoAnswer: 'concierge' },
    concierge: { kind: 'ring', extensions: ['103'], timeoutMs: 15_000, onNoAnswer: 'bye' },
    security: { kind: 'ring', extensions: ['102'], onNoAnswer: 'bye' },
    bye: { kind: 'hangup', prompt: { say: { es: 'Gracias por llamar.' } } },
  },
});

/** The facts that were noted, checked as they would be when stored. */
export class NotedFacts extends CallFacts {
  readonly all: RailFact[] = [];

  override note(fact: RailFact): void {
    this.all.push(railFactSchema.parse(fact));
  }

  of(callSid: string): RailFact[] {
    return this.all.filter((fact) => fact.callSid === callSid);
  }

  /** The facts of that kind of a call, each key once as it counts when stored. */
  kind<K extends RailFactKind>(callSid: string, kind: K): RailFactOf<K>[] {
    const found = this.of(callSid).filter((fact): fact is RailFactOf<K> => fact.kind === kind);
    return [...new Map(found.map((fact) => [fact.key, fact])).values()];
  }
}

/** A desk that answers as it is told. */
export class ToldDesk extends OutboundDesk {
  readonly asked: OutboundRequest[] = [];
  readonly settled: Settlement[] = [];
  answer: (request: OutboundRequest) => OutboundDecision | Promise<OutboundDecision> = () => {
    throw new Error('the desk was asked and has not been told what to say');
  };

  override async decide(request: OutboundRequest): Promise<OutboundDecision> {
    this.asked.push(request);
    return this.answer(request);
  }

  override async settle(settlement: Settlement): Promise<void> {
    this.settled.push(settlement);
  }
}

/** Nobody waits before anybody. */
class NoLine extends QueueLine {
  override isTheirTurn(): boolean {
    return true;
  }

  override hold(): void {}

  override forget(): void {}
}

/** What was counted of the answers. */
export class NotedAnswers extends AnsweredQuestions {
  readonly tallies: AnswerTally[] = [];
  readonly failures: QuestionFailure[] = [];

  override async keep(tallies: readonly AnswerTally[], failures: readonly QuestionFailure[]): Promise<void> {
    this.tallies.push(...tallies);
    this.failures.push(...failures);
  }
}

/** Declarations in a table of the test's database: away when PostgreSQL is. */
@Injectable()
class DeclaredInTable extends VoiceDirectorySource {
  constructor(private readonly db: Database) {
    super();
  }

  override async load(): Promise<readonly VoiceTenant[]> {
    return (await this.db.query<{ body: VoiceTenant }>("SELECT body FROM declared WHERE kind = 'tenant' ORDER BY name")).map(({ body }) => body);
  }

  override async environments(): Promise<readonly VoiceEnvironment[]> {
    return (await this.db.query<{ body: VoiceEnvironment }>("SELECT body FROM declared WHERE kind = 'environment' ORDER BY name")).map(({ body }) => body);
  }

  override onChanged(listener: () => void): () => void {
    changed.add(listener);
    return () => changed.delete(listener);
  }
}
const changed = new Set<() => void>();

/** Provisioning with voice alone, as Twilio and the bus see it. */
export interface VoiceUnderTest {
  readonly service: ServiceUnderTest;
  readonly facts: NotedFacts;
  readonly desk: ToldDesk;
  readonly twilio: TwilioAsks;
  /** As Twilio asks for another environment. */
  asks(publicUrl: string, token: string): TwilioAsks;
  /** Declares these and waits until calls are answered by them. */
  declare(declared: { readonly tenants?: readonly VoiceTenant[]; readonly environments?: readonly VoiceEnvironment[] }): Promise<void>;
  /** The running service, for what only it can tell. */
  running(): RunningService;
  readonly stateDir: string;
  /** Stops the service and starts it again, and doesn't wait for it to be ready: something may be away. `meanwhile` is done while it is stopped. */
  restartAway(meanwhile?: () => void | Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface VoiceUnderTestOptions {
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it for one suite, which stops it. */
export async function startVoice({ env = {} }: VoiceUnderTestOptions = {}): Promise<VoiceUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-voice-'));
  writeFileSync(join(folder, '0001_declared.sql'), 'CREATE TABLE declared (kind text, name text, body json NOT NULL, PRIMARY KEY (kind, name));');
  const facts = new NotedFacts();
  const desk = new ToldDesk();

  @Global()
  @Module({
    providers: [{ provide: VoiceDirectorySource, useClass: DeclaredInTable }, { provide: CallFacts, useValue: facts }, { provide: OutboundDesk, useValue: desk }, { provide: QueueLine, useClass: NoLine }, { provide: AnsweredQuestions, useClass: NotedAnswers }],
    exports: [VoiceDirectorySource, CallFacts, OutboundDesk, QueueLine, AnsweredQuestions],
  })
  class BoundModule {}
  @Module({ imports: [BoundModule, VoiceModule] })
  class TestModule {}

  let running: RunningService | undefined;
  let given: Readonly<Record<string, string | undefined>> = {};
  const now = (): RunningService => running ?? never();
  const stateDir = join(folder, 'state');
  const start = async (): Promise<{ readonly url: string; close(): Promise<void> }> => {
    running = await runNestService({ name: 'provisioning', env: provisioningEnv, migrations: folder, module: TestModule, ...VOICE_HTTP }, given);
    // What is closed is whatever runs by then.
    return { url: running.url, close: () => now().close() };
  };
  const service = await startUnderTest(
    'provisioning',
    async (settings) => {
      given = settings;
      return start();
    },
    { env: { CREDENTIALS_KEY: '00'.repeat(32), VOICE_STATE_DIR: stateDir, ...env } },
  );
  const asks = (publicUrl: string, token: string): TwilioAsks => new TwilioAsks(() => now().url, publicUrl, token);
  return {
    service,
    facts,
    desk,
    asks,
    stateDir,
    twilio: asks(PUBLIC_URL, TOKEN),
    running: now,
    declare: async ({ tenants = [], environments = [environmentOf()] }) => {
      const db = now().get(Database);
      await db.transaction(async (tx) => {
        await tx.run('DELETE FROM declared');
        for (const tenant of tenants) await tx.run("INSERT INTO declared VALUES ('tenant', $1, $2)", [`${tenant.environment}/${tenant.tenant}`, JSON.stringify(tenant)]);
        for (const environment of environments) await tx.run("INSERT INTO declared VALUES ('environment', $1, $2)", [environment.name, JSON.stringify(environment)]);
      });
      const directory = now().get(VoiceDirectory);
      const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
      await eventually('the declarations are in force', () => {
        for (const tell of changed) tell();
        return same(directory.environments, environments.toSorted((one, other) => one.name.localeCompare(other.name))) && tenants.every((tenant) => same(directory.tenant(tenant.environment, tenant.tenant), tenant));
      });
    },
    restartAway: async (meanwhile = () => {}) => {
      await now().close();
      await meanwhile();
      await start();
    },
    stop: async () => {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function never(): never {
  throw new Error('not started yet');
}
