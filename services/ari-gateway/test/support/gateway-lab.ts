import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriClient } from '@troncal/ari';
import { tone, writeWav } from '@troncal/audio';
import { CallStartedV1, inboxPrefix, routeSchema, type CallView, type EventDefinition, type EventOf, type RouteInput } from '@troncal/contracts';
import { samplesOfSlin } from '@troncal/media-protocols';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import { SipPhone, type SipPhoneOptions } from '@troncal/sip-phone';
import {
  ApiClient, createEdgeDatabase, eventually, freePort, killServer, programEnv, serviceProgram, sharedPostgres, spawnServer, startAsterisk, startNats, startSilentProxy, type AsteriskServer, type NatsServer,
  type SilentProxy, type TestDatabase,
} from '@troncal/testing';

const REALM = 'troncal';
const WAV_HEADER_BYTES = 44;
/** Keys for all tenants with one scope each. */
const SCOPES = ['calls:read', 'calls:write', 'calls:supervise'];
/** Who is told of what the gateway sends, before it arrives. */
type SentTo = Record<'ari' | 'ami', (chunk: Buffer) => void>;
/** What the speech program of the lab says, whatever the text; and what it says in English. */
export const SPEECH_HZ = 440;
export const ENGLISH_HZ = 740;

/**
 * The gateway as a process of its own, which can be killed, on a real Asterisk, PostgreSQL and NATS, with phones and with the facts of one or more tenants
 * in its database; nothing else of Troncal runs. `close` leaves nothing behind.
 */
export class GatewayLab {
  readonly events: SeenEvent[] = [];
  private readonly phones = new Map<SipPhone, { readonly tenant: string; readonly extension: string }>();
  private readonly vacant: string[];
  private facts: Database | undefined;
  private child: ReturnType<typeof spawnServer> | undefined;
  private tail: Tail | undefined;
  private revision = 0;

  private constructor(
    readonly edge: AsteriskServer,
    readonly nats: NatsServer,
    readonly database: TestDatabase,
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly keys: ReadonlyMap<string, string>,
    /** A second application at the same Asterisk, as a witness of what is in it. */
    readonly ari: AriClient,
    /** The gateway's ways to Asterisk. */
    readonly ways: { readonly ari: SilentProxy; readonly ami: SilentProxy },
    private readonly sent: SentTo,
    readonly tenants: readonly string[],
  ) {
    this.vacant = [...tenants];
  }

  /** Names of tenants for tests that run beside each other: see `office`. */
  static tenants(count: number): string[] {
    return Array.from({ length: count }, (_, index) => `office${index + 1}`);
  }

  /** @param audioSocket `host:port`, when media legs shall go there over AudioSocket */
  static async open(tenants: readonly string[] = ['demo'], audioSocket?: string): Promise<GatewayLab> {
    const folder = mkdtempSync(join(tmpdir(), 'troncal-test-control-'));
    const [nats, database] = await Promise.all([startNats(), sharedPostgres().then(createEdgeDatabase)]);
    const edge = await startAsterisk({ database, realm: REALM, ...(audioSocket === undefined ? {} : { audioSocket }) });
    const keys = new Map(['*', ...SCOPES, ...tenants].map((name) => [name, `trk_${randomBytes(16).toString('hex')}`]));
    const sent: SentTo = { ari: () => {}, ami: () => {} };
    const ways = { ari: await startSilentProxy(edge.ari, (chunk) => sent.ari(chunk)), ami: await startSilentProxy(edge.ami, (chunk) => sent.ami(chunk)) };
    const login = nats.login('ari-gateway');
    const sounds = join(folder, 'sounds');
    for (const name of ['sounds', 'journal']) mkdirSync(join(folder, name), { recursive: true });
    const speech = join(folder, 'speech.wav');
    writeFileSync(speech, writeWav([tone(SPEECH_HZ, 800)]));
    writeFileSync(`${speech}.en-us`, writeWav([tone(ENGLISH_HZ, 800)]));
    const env = {
      ...programEnv(),
      HTTP_HOST: '127.0.0.1', HTTP_PORT: String(await freePort()), API_KEYS_FILE: keysFile(folder, keys),
      DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl,
      NATS_URL: login.url, NATS_USER: login.user, NATS_PASSWORD: login.password, NATS_INBOX_PREFIX: inboxPrefix(login.user),
      EDGE_ID: 'edge-1', EDGE_MEDIA: audioSocket === undefined ? 'websocket' : 'audiosocket', ARI_URL: `http://127.0.0.1:${ways.ari.port}`, ARI_USER: edge.ari.user, ARI_PASSWORD: edge.ari.password,
      AMI_HOST: '127.0.0.1', AMI_PORT: String(ways.ami.port), AMI_USER: edge.ami.user, AMI_PASSWORD: edge.ami.password,
      RECORDINGS_DIR: join(edge.values.dirs.state, 'spool', 'recording'), SOUNDS_DIR: sounds, JOURNAL_DIR: join(folder, 'journal'), ESPEAK_COMMAND: JSON.stringify(['sh', '-c', `cat > /dev/null; voice='${speech}'.$2; [ -f "$voice" ] || voice='${speech}'; cat "$voice"`, 'speech']), LOG_LEVEL: process.env['LAB_LOG'] ?? 'silent',
    };
    const ari = new AriClient({ app: 'witness', address: edge.ari, onFault: () => {} });
    const lab = new GatewayLab(edge, nats, database, folder, env, keys, ari, ways, sent, tenants);
    ari.start();
    await ari.connected(20_000);
    for (const tenant of tenants) await lab.tenant(tenant);
    return lab;
  }

  /** Starts the gateway and waits until it serves calls. Facts that are written later than this it does not know. */
  async start(): Promise<void> {
    const loud = this.env['LOG_LEVEL'] !== 'silent';
    this.child = spawnServer([process.execPath, serviceProgram('ari-gateway')], { cwd: this.folder, env: this.env, stdio: ['ignore', loud ? 'inherit' : 'ignore', loud ? 'inherit' : 'ignore'] });
    await this.ready();
    if (this.tail) return;
    this.tail = await tailEvents(this.nats.observer, (event) => this.events.push(event), { since: new Date(0) });
    await this.tail.started;
  }

  /** kill -9, and a new process in its place. */
  async killAndStart(): Promise<void> {
    if (this.child) await killServer(this.child);
    await this.start();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    if (this.child) await killServer(this.child);
  }

  /** Waits until a recording's file grows: the answer to whoever wished it comes sooner than Asterisk begins. */
  async records(recordingId: string): Promise<void> {
    await eventually('sound is recorded', () => this.recordedBytes(recordingId) > WAV_HEADER_BYTES);
  }

  /** How much of a recording is in Asterisk's spool by now. */
  recordedBytes(recordingId: string): number {
    return statSync(this.spooled(recordingId, 'raw'), { throwIfNoEntry: false })?.size ?? statSync(this.spooled(recordingId, 'wav'), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** The tracks of a recording as far as they are in Asterisk's spool, 8 kHz: two of a stereo recording, one of any other. */
  recorded(recordingId: string): Int16Array[] {
    const stereo = this.spooled(recordingId, 'raw');
    if (!existsSync(stereo)) return [samplesOfSlin(readFileSync(this.spooled(recordingId, 'wav')).subarray(WAV_HEADER_BYTES))];
    const both = samplesOfSlin(readFileSync(stereo));
    return [0, 1].map((side) => both.filter((_, index) => index % 2 === side));
  }

  /** The connection breaks, and there is no other one until `ways[which].speak()`. */
  away(which: 'ari' | 'ami'): void {
    this.ways[which].silence();
    this.ways[which].cut();
  }

  /** AMI breaks in the moment in which the gateway sends that action, which never arrives; resolves when it has. */
  amiAwayAt(action: string): Promise<void> {
    return this.whenSent('ami', `Action: ${action}\r\n`, () => this.away('ami'));
  }

  /** Asterisk falls silent in the moment in which the gateway asks it for that, and does not hear of it; resolves when it has. */
  ariDeafAt(operation: string): Promise<void> {
    return this.whenSent('ari', `/${operation}`, () => this.ways.ari.silence());
  }

  private whenSent(which: 'ari' | 'ami', text: string, then: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.sent[which] = (chunk) => {
        if (!chunk.includes(text)) return;
        this.sent[which] = () => {};
        then();
        resolve();
      };
    });
  }

  /** @param whose a tenant, `*` for all, or one scope of all tenants */
  api(whose = '*'): ApiClient {
    return new ApiClient(`http://127.0.0.1:${this.env['HTTP_PORT']}`, this.keys.get(whose));
  }

  authorization(): Record<string, string> {
    return { authorization: `Bearer ${this.keys.get('*')}` };
  }

  /** A phone of a tenant, registered. Before `start`: declare it with `endpoint`. */
  async phone(extension: string, tenant = 'demo', options: Pick<SipPhoneOptions, 'codecs' | 'firstSequence'> = {}): Promise<SipPhone> {
    const phone = await SipPhone.open({ ...options, bindAddress: '127.0.0.1', user: `${tenant}_${extension}`, password: 'secret', registrar: { host: '127.0.0.1', port: this.edge.sipPort } });
    this.phones.set(phone, { tenant, extension });
    await eventually(`${extension} registers`, async () => (await phone.register()).expiresS > 0, 15_000).catch((error: unknown) => {
      throw new Error(`no registration; the edge's log:\n${this.edge.log().slice(-3_000)}`, { cause: error });
    });
    await eventually(`${extension} is reachable`, async () => (await this.ari.endpoints.get({ tech: 'PJSIP', resource: `${tenant}_${extension}` })).state === 'online');
    return phone;
  }

  /** A tenant that no other test has. */
  office(): string {
    const tenant = this.vacant.shift();
    if (tenant === undefined) throw new Error(`all ${this.tenants.length} tenants of this lab are taken: open it with more of them`);
    return tenant;
  }

  /** Phones of a tenant that no other test has, so that tests may run beside each other; each was declared with `staff`. */
  async staffed<const Extensions extends readonly string[]>(...extensions: Extensions): Promise<{ [Each in keyof Extensions]: SipPhone }> {
    const tenant = this.office();
    return (await Promise.all(extensions.map((extension) => this.phone(extension, tenant)))) as { [Each in keyof Extensions]: SipPhone };
  }

  /** Whose phone it is. */
  tenantOf(phone: SipPhone): string {
    return this.known(phone).tenant;
  }

  /** The ids of the calls that a phone has begun, in turn. */
  begunBy(phone: SipPhone): string[] {
    const { tenant, extension } = this.known(phone);
    return this.of(CallStartedV1).filter((event) => event.tenantid === tenant && event.data.from === extension).map((event) => event.data.callId);
  }

  /** The same extensions, in queues or not, at every tenant. Before `start`. */
  async staff(people: Readonly<Record<string, readonly string[]>>): Promise<void> {
    for (const tenant of this.tenants) for (const [extension, queues] of Object.entries(people)) await this.endpoint(extension, tenant, queues);
  }

  async endpoint(extension: string, tenant = 'demo', queues: readonly string[] = []): Promise<void> {
    const user = `${tenant}_${extension}`;
    const ha1 = createHash('md5').update(`${user}:${REALM}:secret`).digest('hex');
    await this.sql(
      `INSERT INTO endpoints (tenant, extension, sip_user, display_name, role, queues, revision, credential_revision, ha1, realm, ha1_revision) VALUES ($1, $2, $3, $2, 'office', $4, $5, 1, $6, $7, 1)`,
      [tenant, extension, user, queues, (this.revision += 1), ha1, REALM],
    );
  }

  async route(code: string, route: RouteInput, tenant = 'demo'): Promise<void> {
    await this.sql('INSERT INTO routes (tenant, code, route, revision) VALUES ($1, $2, $3, $4)', [tenant, code, JSON.stringify(routeSchema.parse(route)), (this.revision += 1)]);
  }

  /** A sound of the tenant that is a tone. */
  sound(name: string, hz: number, ms: number, tenant = 'demo'): void {
    const folder = join(this.folder, 'sounds', 'tenants', tenant);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.wav`), writeWav([tone(hz, ms)]));
  }

  /** A beep that is long enough for something to happen during it. */
  longBeep(hz: number, ms: number): void {
    writeFileSync(join(this.folder, 'sounds', 'beep.wav'), writeWav([tone(hz, ms)]));
  }

  of<Data>(definition: EventDefinition<Data>, callId?: string): EventOf<Data>[] {
    const found = this.events.filter(({ envelope }) => envelope.type === definition.type && (callId === undefined || envelope.subject === callId));
    return found.map(({ envelope }) => definition.read(envelope));
  }

  /** Waits for an event of a call. */
  seen<Data>(definition: EventDefinition<Data>, callId?: string, withinMs = 15_000): Promise<EventOf<Data>> {
    return eventually(`${definition.type} is on the bus`, () => this.of(definition, callId)[0], withinMs);
  }

  call(callId: string): Promise<CallView> {
    return this.api().expect('GET', `/api/calls/${callId}`);
  }

  /** Whoever is still in a call hangs up, so that a failed test doesn't fail the next one; then nothing is left. */
  async hangUpAll(): Promise<void> {
    await Promise.all([...this.phones.keys()].flatMap((phone) => phone.activeCalls.map((call) => call.hangup().catch(() => {}))));
    await this.nothingLeft();
  }

  /** Nothing of ours is left in Asterisk: no channel, no bridge, no live recording. */
  async nothingLeft(): Promise<void> {
    await eventually('nothing is left in Asterisk', async () => {
      const [channels, bridges] = await Promise.all([this.ari.channels.list(), this.ari.bridges.list()]);
      if (channels.length + bridges.length > 0) throw new Error(`left: ${[...channels.map((each) => `${each.name} ${each.dialplan.app_data}`), ...bridges.map((each) => `bridge ${each.id}`)].join('; ')}`);
      return true;
    });
  }

  /** All hang up, and nothing may be left of whatever happened here; then as `close`. */
  async closeEmpty(): Promise<void> {
    try {
      await this.hangUpAll();
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.phones.keys()].map((phone) => phone.close()));
    await this.facts?.close();
    await this.tail?.stop();
    if (this.child) await killServer(this.child);
    this.ari.close();
    await Promise.all([this.ways.ari.close(), this.ways.ami.close()]);
    await this.edge.stop();
    await this.nats.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private spooled(recordingId: string, extension: string): string {
    return join(this.edge.values.dirs.state, 'spool', 'recording', `${recordingId}.${extension}`);
  }

  private async ready(): Promise<void> {
    await eventually('the gateway is ready', async () => (await fetch(new URL('/health/ready', `http://127.0.0.1:${this.env['HTTP_PORT']}`))).status === 200, 30_000);
  }

  private tenant(tenant: string): Promise<void> {
    return this.sql(`INSERT INTO tenants (tenant, name, country, language, time_zone, revision) VALUES ($1, $1, 'CL', 'es', 'America/Santiago', 1)`, [tenant]);
  }

  private async sql(text: string, values: readonly unknown[]): Promise<void> {
    this.facts ??= new Database({ url: this.database.ownerUrl, schema: this.database.schema, logger: createLogger({ service: 'testing', level: 'silent' }), applicationName: 'control specs', poolSize: 1, connectTimeoutMs: 5_000 });
    await this.facts.query(text, values);
  }

  private known(phone: SipPhone): { readonly tenant: string; readonly extension: string } {
    const known = this.phones.get(phone);
    if (!known) throw new Error(`${phone.address} is no phone of this lab`);
    return known;
  }
}

function keysFile(folder: string, keys: ReadonlyMap<string, string>): string {
  const entries = [...keys].map(([name, key]) => ({
    id: name, sha256: createHash('sha256').update(key).digest('hex'), tenant: SCOPES.includes(name) ? '*' : name, scopes: SCOPES.includes(name) ? [name] : ['*'],
  }));
  const path = join(folder, 'api-keys.json');
  writeFileSync(path, JSON.stringify({ keys: entries }), { mode: 0o600 });
  return path;
}
