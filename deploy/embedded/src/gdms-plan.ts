import { UsageError } from './options.js';
import type { Secrets } from './secrets.js';

/** The account at Grandstream's GDMS that telephones are in: the one of the environment's keys, else a simulated one. */
export interface GdmsPlan {
  readonly simulated: boolean;
  /** Of the simulator; null for GDMS itself. */
  readonly apiUrl: string | null;
  /** As PUT /api/environments/{name}/gdms takes it. */
  readonly account: { readonly region: string; readonly apiId: string; readonly secretKey: string; readonly username: string; readonly password: string };
}

const KEYS = ['GDMS_API_ID', 'GDMS_SECRET_KEY', 'GDMS_USERNAME', 'GDMS_PASSWORD'] as const;

/** @throws UsageError when a part of the keys is there */
export function gdmsPlan({ env, secrets, port }: { readonly env: Readonly<Record<string, string | undefined>>; readonly secrets: Secrets; readonly port: number }): GdmsPlan {
  const [apiId = '', secretKey = '', username = '', password = ''] = KEYS.map((name) => env[name]);
  const given = [apiId, secretKey, username, password].filter((value) => value !== '').length;
  if (given === KEYS.length) return { simulated: false, apiUrl: null, account: { region: env['GDMS_REGION'] ?? 'us', apiId, secretKey, username, password } };
  if (given > 0) throw new UsageError(`${KEYS.join(', ')} belong together: set all, or none for the simulator`);
  return { simulated: true, apiUrl: `http://127.0.0.1:${port}`, account: { region: 'us', apiId: '100555', secretKey: secrets.of('gdms.secret-key'), username: 'simulated', password: secrets.of('gdms.password') } };
}

/** What provisioning is told of it. */
export const gdmsEnv = ({ apiUrl }: GdmsPlan): Record<string, string> => (apiUrl === null ? {} : { GDMS_API_URL: apiUrl });
