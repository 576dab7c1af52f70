import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inboxPrefix, type RunView } from '@troncal/contracts';
import { startTwilioSimulator, type Settings, type TwilioSimulator } from '@troncal/simulator-twilio';
import { apiKeysFile, ApiClient, eventually, freePort, killServer, programEnv, serviceProgram, sharedPostgres, spawnServer, startNats } from '@troncal/testing';

const DOMAINS = { prod: 'communities.sip.twilio.com', dev: 'communities-dev.sip.twilio.com' } as const;

/** What is asked for, to be killed in the middle. */
export type Order = () => Promise<unknown>;

/** provisioning as a process that dies where it is told to, and is started again on the same database, bus and Twilio. */
export class MortalProvisioning {
  private child: ChildProcess | undefined;
  private died: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly twilio: TwilioSimulator,
    readonly api: ApiClient,
    private readonly env: Readonly<Record<string, string>>,
    private readonly close: () => Promise<void>,
  ) {}

  /** @param more settings of provisioning */
  static async open(settings: Settings = {}, more: Readonly<Record<string, string>> = {}): Promise<MortalProvisioning> {
    const folder = mkdtempSync(join(tmpdir(), 'troncal-mortal-'));
    const [twilio, nats, postgres, port] = await Promise.all([startTwilioSimulator({ settings }), startNats(), sharedPostgres(), freePort()]);
    const database = await postgres.createDatabase('provisioning');
    const login = nats.login('provisioning');
    const key = `trk_${randomBytes(16).toString('hex')}`;
    const env = {
      ...programEnv(),
      HTTP_HOST: '127.0.0.1', HTTP_PORT: String(port), API_KEYS_FILE: apiKeysFile(folder, new Map([['*', key]])), DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl,
      NATS_URL: login.url, NATS_USER: login.user, NATS_PASSWORD: login.password, NATS_INBOX_PREFIX: inboxPrefix(login.user), LOG_LEVEL: 'silent', CREDENTIALS_KEY: randomBytes(32).toString('hex'),
      TWILIO_ACCOUNT_SID: twilio.accountSid, TWILIO_AUTH_TOKEN: twilio.authToken, TWILIO_API_URL: twilio.url, ...more,
    };
    const close = async (): Promise<void> => {
      await Promise.all([twilio.close(), nats.stop()]);
      rmSync(folder, { recursive: true, force: true });
    };
    const provisioning = new MortalProvisioning(twilio, new ApiClient(`http://127.0.0.1:${port}`, key), env, close);
    await provisioning.start();
    for (const [name, domain] of Object.entries(DOMAINS)) await provisioning.api.expect('PUT', `/api/environments/${name}`, { domain, publicUrl: 'https://voice.example.com', naming: { list: `${name}_{CODE}`, user: '{code}-{role}' } });
    return provisioning;
  }

  async stop(): Promise<void> {
    if (this.child !== undefined) await killServer(this.child);
    await this.close();
  }

  /** Starts it, in place of the one that runs. @param crashAt label of a crash point, with `:n` for its n-th pass */
  async start(crashAt = ''): Promise<void> {
    if (this.child !== undefined) await killServer(this.child);
    const child = spawnServer([process.execPath, serviceProgram('provisioning')], { env: { ...this.env, CRASH_AT: crashAt }, stdio: 'ignore' });
    this.child = child;
    this.died = new Promise((resolve) => child.once('exit', resolve));
    // It may die at what it takes up, before it answers.
    await Promise.race([this.died, eventually('provisioning answers', async () => (await this.api.send('GET', '/health/ready').catch(() => undefined))?.status === 200, 30_000)]);
  }

  /** Dies at the point, with this or with what it took up, unless the point isn't passed; then this has ended. */
  async dieAt(crashAt: string, order: Order): Promise<void> {
    await this.start(crashAt);
    const done = order().catch(() => undefined).then(() => this.idle());
    await Promise.race([this.died, done.catch(() => undefined)]);
  }

  /** Waits until no run is under way. */
  async idle(): Promise<void> {
    await eventually('no run is under way', async () => {
      const pages = await Promise.all(Object.keys(DOMAINS).map((name) => this.api.expect<{ runs: RunView[] }>('GET', `/api/runs?environment=${name}&limit=5`)));
      return pages.every(({ runs }) => runs.every(({ state }) => state !== 'running'));
    }, 30_000);
  }
}
