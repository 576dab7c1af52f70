import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inboxPrefix } from '@troncal/contracts';
import { startTwilioSimulator } from '@troncal/simulator-twilio';
import { ApiClient, apiKeysFile, eventually, freePort, startNats, startPostgres } from '@troncal/testing';
import { ACCOUNT, DOMAIN, NUMBER, PUBLIC_URL, TENANT, TOKEN } from './declared.js';

const PROGRAM = join(import.meta.dirname, '..', '..', '..', '..', 'services', 'provisioning', 'dist', 'main.js');

/** Provisioning as it is run, in a process of its own, with one tenant declared at a simulated Twilio. */
export async function startVoiceService(folder: string, answers: (url: string) => Promise<boolean>): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const [nats, postgres, twilio] = await Promise.all([startNats(), startPostgres(), startTwilioSimulator({ account: { sid: ACCOUNT, authToken: TOKEN }, settings: { stock: [{ phoneNumber: NUMBER, country: 'US', type: 'Local' }] } })]);
  const [database, port] = [await postgres.createDatabase('provisioning'), await freePort()];
  const login = nats.login('provisioning');
  const key = `trk_${randomBytes(16).toString('hex')}`;
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [PROGRAM], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      HTTP_PORT: String(port), API_KEYS_FILE: apiKeysFile(folder, new Map([['*', key]])), DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl,
      NATS_URL: login.url, NATS_USER: login.user, NATS_PASSWORD: login.password, NATS_INBOX_PREFIX: inboxPrefix(login.user), LOG_LEVEL: 'error', PROCESS_METRICS: 'false',
      CREDENTIALS_KEY: '00'.repeat(32), VOICE_STATE_DIR: join(folder, 'voice'), JOURNAL_DIR: join(folder, 'journal'), TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_API_URL: twilio.url,
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await Promise.all([twilio.close(), nats.stop(), postgres.stop()]);
  };
  try {
    await eventually('provisioning is ready', async () => (await fetch(`${url}/health/ready`)).status === 200, 60_000);
    const api = new ApiClient(url, key);
    await api.expect('PUT', '/api/environments/prod', { domain: DOMAIN, publicUrl: PUBLIC_URL });
    await api.expect('POST', '/api/environments/prod/apply', { declarations: [TENANT] });
    await eventually('calls are answered', () => answers(url), 60_000);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
