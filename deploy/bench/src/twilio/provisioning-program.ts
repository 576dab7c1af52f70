import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { inboxPrefix } from '@troncal/contracts';
import { startTwilioSimulator, type TwilioSimulator } from '@troncal/simulator-twilio';
import { ApiClient, apiKeysFile, eventually, freePort, type NatsServer, type PostgresServer } from '@troncal/testing';
import { DOMAIN, ENVIRONMENT, numberOf, PUBLIC_URL } from './tenants.js';
import type { Pace } from './bounds.js';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', '..', 'services', 'provisioning', 'dist', 'main.js');
/** Numbers for sale. */
const STOCK = 1_100;

export interface ProgramOptions {
  readonly folder: string;
  readonly nats: NatsServer;
  readonly postgres: PostgresServer;
  readonly pace: Pace;
  /** Whether the tenants are also those of the Asterisk rail. */
  readonly primary: boolean;
  /** Requests at once that the account takes. */
  readonly takes: number;
  /** With how many provisioning begins, and how far it goes. */
  readonly atOnce: { readonly start: number; readonly most: number };
}

/** Provisioning as it is run, in a process of its own, with a database and a simulated Twilio of its own. */
export interface Program {
  readonly api: ApiClient;
  readonly twilio: TwilioSimulator;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function startProgram({ folder, nats, postgres, pace, primary, takes, atOnce }: ProgramOptions): Promise<Program> {
  const twilio = await startTwilioSimulator({
    settings: { pace: { ...pace, jitter: 0.3, atOnce: takes }, stock: Array.from({ length: STOCK }, (_, index) => ({ phoneNumber: numberOf(index), country: 'CL', type: 'Local' as const })) },
  });
  const [database, port] = [await postgres.createDatabase('provisioning'), await freePort()];
  const login = nats.login('provisioning');
  const key = `trk_${randomBytes(16).toString('hex')}`;
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--conditions', 'default', PROGRAM], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      HTTP_PORT: String(port), API_KEYS_FILE: apiKeysFile(folder, new Map([['*', key]])), DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl,
      NATS_URL: login.url, NATS_USER: login.user, NATS_PASSWORD: login.password, NATS_INBOX_PREFIX: inboxPrefix(login.user), LOG_LEVEL: 'warn', PROCESS_METRICS: 'false',
      CREDENTIALS_KEY: '00'.repeat(32), TWILIO_ACCOUNT_SID: twilio.accountSid, TWILIO_AUTH_TOKEN: twilio.authToken, TWILIO_API_URL: twilio.url, DRIFT_CHECK_SECONDS: '86400', VOICE_STATE_DIR: mkdtempSync(join(folder, 'voice-')),
      TWILIO_CONCURRENCY_START: String(atOnce.start), TWILIO_CONCURRENCY_MOST: String(atOnce.most),
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await twilio.close();
  };
  try {
    await eventually('provisioning is ready', async () => (await fetch(`${url}/health/ready`)).status === 200, 60_000);
    const api = new ApiClient(url, key);
    // The first one is the primary one, whose tenants are declared on Asterisk too.
    if (!primary) await api.expect('PUT', '/api/environments/first', { domain: `first-${DOMAIN}`, publicUrl: PUBLIC_URL });
    await api.expect('PUT', `/api/environments/${ENVIRONMENT}`, { domain: DOMAIN, publicUrl: PUBLIC_URL });
    return { api, twilio, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
