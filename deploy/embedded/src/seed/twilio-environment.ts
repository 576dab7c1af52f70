import { isDeepStrictEqual } from 'node:util';
import type { OwnApi } from '../own-api.js';
import { readJson } from './read-json.js';
import type { TwilioPlan } from '../twilio-plan.js';

export const ENVIRONMENT = 'prod';

/** Numbers of examples/communities.yaml, which the simulated market has for sale without papers. */
const EXAMPLES = ['+56229145248', '+56223456789', '+56234567890'];

/**
 * Makes the environment that tenants are declared in, and tells it where Twilio reaches this Troncal and its Asterisk; whatever else a person changed of it stays. A simulated account
 * holds nothing after a new start: what is declared is brought there again. @throws Error with the API's answer
 */
export async function seedEnvironment(api: OwnApi, { domain, publicUrl, apiUrl, edge }: TwilioPlan, frontDoor: string): Promise<void> {
  const path = `/api/environments/${ENVIRONMENT}`;
  const answer = await api.ask('GET', path);
  const there = answer.status === 404 ? undefined : (readJson('GET', path, answer) as Readonly<Record<string, unknown>>);
  const places = { publicUrl, ...(edge && { edge }) };
  if (there === undefined || Object.entries(places).some(([name, place]) => !isDeepStrictEqual(there[name], place))) {
    const { name: _name, primary: _primary, tenants: _tenants, revision: _revision, ...settings } = there ?? { domain };
    readJson('PUT', path, await api.ask('PUT', path, { ...settings, ...places }));
  }
  if (apiUrl === null) return;
  await tellSimulator(apiUrl, publicUrl, frontDoor);
  if (Number(there?.['tenants'] ?? 0) > 0) readJson('POST', `${path}/repair`, await api.ask('POST', `${path}/repair`, {}));
}

/** Where to find this Troncal, and what is for sale. */
async function tellSimulator(apiUrl: string, publicUrl: string, frontDoor: string): Promise<void> {
  const to = (scheme: 'http' | 'ws') => ({ from: publicUrl.replace(/^https?/, `${scheme}s`), to: frontDoor.replace(/^http/, scheme) });
  const body = { stock: EXAMPLES.map((phoneNumber) => ({ phoneNumber, country: 'CL', type: 'Local' })), voice: { publicUrls: [to('http'), to('ws')] } };
  const response = await fetch(new URL('/control', apiUrl), { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
}
