import { callPageSchema } from '@troncal/contracts';
import { isCallId } from '@troncal/kernel';
import { CliError, usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import type { ApiClient } from './api-client.js';
import { listAll } from './page.js';

const RECENT = 200;

/** A whole call id from what a person types: the id, the beginning of one among the newest calls, or `last`. */
export async function resolveCall(api: ApiClient, given: string): Promise<string> {
  const wanted = given.toLowerCase().replace(/…$/, '');
  if (isCallId(wanted)) return wanted;
  if (wanted !== 'last' && !/^[0-9a-f-]{4,35}$/.test(wanted)) throw usageError(`${JSON.stringify(given)} is no call id`, 'Give an id or its beginning from: troncal calls list');
  const recent = await listAll(api, { path: '/api/calls' }, callPageSchema, (page) => page.calls, RECENT);
  const found = wanted === 'last' ? recent.slice(0, 1) : recent.filter((call) => call.callId.startsWith(wanted));
  const [only] = found;
  if (only === undefined) throw new CliError(EXIT.notFound, wanted === 'last' ? 'there has been no call yet' : `no call among the newest ${RECENT} begins with ${wanted}`, 'See: troncal calls list');
  if (found.length > 1) throw usageError(`${found.length} calls begin with ${wanted}`, `Give more of it: ${found.slice(0, 3).map((call) => call.callId).join(', ')}`);
  return only.callId;
}
