import type { RouteInput, StackState } from '@troncal/contracts';
import type { OwnApi } from '../own-api.js';
import { readJson } from './read-json.js';
import { readJsonFile, writePrivateFile } from '../private-file.js';

type Demo = NonNullable<StackState['demo']>;

export const DEMO_TENANT = 'demo';

interface DemoEndpoint {
  readonly extension: string;
  readonly displayName: string;
  readonly queues: readonly string[];
  /** Of `npm run call`: must work, so a password that we don't know is replaced. The others are people's own. */
  readonly lab: boolean;
}

const ENDPOINTS: readonly DemoEndpoint[] = [
  { extension: '201', displayName: 'Lab: person in the queue', queues: ['people'], lab: true },
  { extension: '202', displayName: 'Lab: caller', queues: [], lab: true },
  { extension: '203', displayName: 'Your softphone', queues: [], lab: false },
];

/** What `accountsFile` holds: the revision tells whether somebody changed the password since. */
type StoredAccounts = Record<string, { readonly sipUser: string; readonly password: string; readonly credentialRevision: number }>;

/**
 * Says itself that the call is recorded: an announcement of the route's would keep the caller from the agent for three seconds.
 */
const AGENT = {
  code: 'reception',
  settings: {
    name: 'Reception',
    instructions: 'You are the reception of a small company. Answer briefly and kindly. Whoever asks for a person is handed over.',
    greetings: {
      es: 'Hola, gracias por llamar. Esta llamada se graba. ¿En qué le puedo ayudar?',
      en: 'Hello, thank you for calling. This call is recorded. How can I help you?',
    },
  },
};

/** Extension 100: the voice agent, with 0 for a person; recorded, which the agent says. */
const AGENT_ROUTE: RouteInput = {
  name: 'Voice agent, 0 for a person',
  extension: '100',
  language: 'es',
  recording: { enabled: true },
  start: 'agent',
  nodes: {
    agent: { kind: 'agent', agent: AGENT.code, digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
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
export async function seedDemo(own: OwnApi, accountsFile: string): Promise<Demo> {
  const api = new SeedApi(own);
  const tenant = `/api/tenants/${DEMO_TENANT}`;
  if (!(await api.exists(tenant))) {
    await api.send('POST', '/api/tenants', { code: DEMO_TENANT, name: 'Demo', country: 'CL', language: 'es', timeZone: 'America/Santiago' });
  }
  const stored: StoredAccounts = { ...((readJsonFile(accountsFile) ?? {}) as StoredAccounts) };
  for (const endpoint of ENDPOINTS) {
    const account = await ensureAccount(api, `${tenant}/endpoints/${endpoint.extension}`, endpoint, stored[endpoint.extension]);
    if (account) stored[endpoint.extension] = account;
    else delete stored[endpoint.extension];
    // At once: the password can't be asked for again.
    writePrivateFile(accountsFile, `${JSON.stringify(stored, null, 2)}\n`);
  }
  const agent = `/api/agents/${AGENT.code}?tenant=${DEMO_TENANT}`;
  if (!(await api.exists(agent))) await api.send('PUT', agent, AGENT.settings);
  for (const [code, route] of Object.entries({ agent: AGENT_ROUTE, people: PEOPLE_ROUTE })) {
    if (!(await api.exists(`${tenant}/routes/${code}`))) await api.send('PUT', `${tenant}/routes/${code}`, route);
  }
  const accounts = Object.fromEntries(Object.entries(stored).map(([extension, { sipUser, password }]) => [extension, { sipUser, password }]));
  return { tenant: DEMO_TENANT, accounts };
}

type StoredAccount = StoredAccounts[string];

/** The account whose password is known, or null for a person's own that was changed by them. */
async function ensureAccount(api: SeedApi, path: string, { displayName, queues, lab }: DemoEndpoint, known: StoredAccount | undefined): Promise<StoredAccount | null> {
  const there = (await api.find(path)) as { credentialRevision: number } | null;
  if (there && known?.credentialRevision === there.credentialRevision) return known;
  if (there && known && !lab) return null;
  const answer = there ? await api.send('POST', `${path}/rotate`, {}) : await api.send('PUT', path, { displayName, queues });
  const { sipUser, password, credentialRevision } = answer as Partial<StoredAccount>;
  if (!sipUser || !password || credentialRevision === undefined) throw new Error(`${path} was answered without a SIP account`);
  return { sipUser, password, credentialRevision };
}

/** An answer other than the wanted one is an error. */
class SeedApi {
  constructor(private readonly api: OwnApi) {}

  async find(path: string): Promise<unknown> {
    const answer = await this.api.ask('GET', path);
    return answer.status === 404 ? null : readJson('GET', path, answer);
  }

  async exists(path: string): Promise<boolean> {
    return (await this.find(path)) !== null;
  }

  async send(method: string, path: string, content: object): Promise<unknown> {
    return readJson(method, path, await this.api.ask(method, path, content));
  }
}
