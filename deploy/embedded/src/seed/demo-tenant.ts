import { randomBytes } from 'node:crypto';
import type { RouteInput, StackState } from '@troncal/contracts';
import { readJsonFile, writePrivateFile } from '../private-file.js';

type Demo = NonNullable<StackState['demo']>;
type Accounts = Demo['accounts'];

export const DEMO_TENANT = 'demo';

const ENDPOINTS: readonly { readonly extension: string; readonly displayName: string; readonly queues: readonly string[] }[] = [
  { extension: '201', displayName: 'Lab: person in the queue', queues: ['people'] },
  { extension: '202', displayName: 'Lab: caller', queues: [] },
  { extension: '203', displayName: 'Your softphone', queues: [] },
];

/** Extension 100: the voice agent, with 0 for a person; recorded, and said so. */
const AGENT_ROUTE: RouteInput = {
  name: 'Voice agent, 0 for a person',
  extension: '100',
  language: 'es',
  recording: { enabled: true, announcement: { say: { es: 'Esta llamada puede ser grabada.', en: 'This call may be recorded.' } } },
  start: 'agent',
  nodes: {
    agent: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
    people: {
      kind: 'queue',
      queue: 'people',
      prompt: { say: { es: 'Le comunico con una persona.', en: 'Connecting you to a person.' } },
      timeoutMs: 120_000,
      onTimeout: 'nobody',
    },
    nobody: { kind: 'hangup', prompt: { say: { es: 'Nadie puede atenderle ahora. Hemos abierto un caso y le llamaremos.', en: 'Nobody can take your call now. We have opened a ticket and will call you back.' } } },
  },
};

/** Extension 200: straight to people. */
const PEOPLE_ROUTE: RouteInput = {
  name: 'People',
  extension: '200',
  language: 'es',
  start: 'people',
  nodes: { people: { kind: 'queue', queue: 'people', timeoutMs: 120_000, onTimeout: 'nobody' }, nobody: AGENT_ROUTE.nodes['nobody'] as RouteInput['nodes'][string] },
};

/**
 * Makes the tenant `demo` as an outside system would: by the HTTP API alone. Idempotent: what is there is left as it is, so
 * that what a person changed stays. Passwords are shown by the API once and kept in `accountsFile` (0600); an account whose
 * password was lost gets a new one.
 * @throws Error with the API's answer
 */
export async function seedDemo(url: string, apiKey: string, accountsFile: string): Promise<Demo> {
  const api = new SeedApi(url, apiKey);
  const tenant = `/api/tenants/${DEMO_TENANT}`;
  if (!(await api.exists(tenant))) {
    await api.send('POST', '/api/tenants', { code: DEMO_TENANT, name: 'Demo', country: 'CL', language: 'es', timeZone: 'America/Santiago' });
  }
  const accounts: Accounts = { ...((readJsonFile(accountsFile) ?? {}) as Accounts) };
  for (const { extension, displayName, queues } of ENDPOINTS) {
    const path = `${tenant}/endpoints/${extension}`;
    const there = await api.exists(path);
    if (there && accounts[extension]) continue;
    const answer = there ? await api.send('POST', `${path}/credentials`, {}) : await api.send('PUT', path, { displayName, queues });
    const { sipUser, password } = answer as { sipUser?: string; password?: string };
    if (!sipUser || !password) throw new Error(`the API gave no SIP account for ${DEMO_TENANT}/${extension}`);
    accounts[extension] = { sipUser, password };
    // At once: the password can't be asked for again.
    writePrivateFile(accountsFile, `${JSON.stringify(accounts, null, 2)}\n`);
  }
  for (const [code, route] of Object.entries({ agent: AGENT_ROUTE, people: PEOPLE_ROUTE })) {
    if (!(await api.exists(`${tenant}/routes/${code}`))) await api.send('PUT', `${tenant}/routes/${code}`, route);
  }
  return { tenant: DEMO_TENANT, accounts };
}

class SeedApi {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async exists(path: string): Promise<boolean> {
    const response = await this.call('GET', path);
    if (response.status === 404) return false;
    if (!response.ok) throw await refusal('GET', path, response);
    await response.arrayBuffer();
    return true;
  }

  async send(method: string, path: string, body: unknown): Promise<unknown> {
    const response = await this.call(method, path, body);
    if (!response.ok) throw await refusal(method, path, response);
    return response.json();
  }

  private call(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { authorization: `Bearer ${this.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': randomBytes(12).toString('hex') }) };
    return fetch(new URL(path, this.url), { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(10_000) });
  }
}

async function refusal(method: string, path: string, response: Response): Promise<Error> {
  return new Error(`${method} ${path} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
}
