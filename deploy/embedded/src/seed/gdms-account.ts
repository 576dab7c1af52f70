import type { OwnApi } from '../own-api.js';
import type { GdmsPlan } from '../gdms-plan.js';
import { readJson } from './read-json.js';
import { ENVIRONMENT } from './twilio-environment.js';

/** Names the account at GDMS of the environment that tenants are declared in. @throws Error with the API's answer */
export async function seedGdmsAccount(api: OwnApi, { simulated, account }: GdmsPlan): Promise<void> {
  const path = `/api/environments/${ENVIRONMENT}/gdms`;
  const answer = await api.ask('GET', path);
  const there = answer.status === 200 ? (readJson('GET', path, answer) as Readonly<Record<string, unknown>>) : undefined;
  // Keys of the environment may be new ones of the same account; those of a simulator stay.
  if (simulated && there?.['apiId'] === account.apiId && there['username'] === account.username) return;
  readJson('PUT', path, await api.ask('PUT', path, account));
}
