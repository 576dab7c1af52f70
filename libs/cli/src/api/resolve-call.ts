import { callPageSchema } from '@troncal/contracts';
import { isCallId } from '@troncal/kernel';
import { CliError, usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import type { ApiClient } from './api-client.js';
import { listAll } from './page.js';

const RECENT = 200;

/** The calls that a beginning or an end of an id can mean. */
export const callsLike = (part: string, callIds: readonly string[]): string[] => callIds.filter((callId) => callId.startsWith(part) || callId.endsWith(part));

/** A whole call id from what a person types: the id, the beginning or end of one among the newest calls, or `last`. */
export async function resolveCall(api: ApiClient, given: string): Promise<string> {
  const wanted = given.toLowerCase().replace(/…$/, '');
  if (isCallId(wanted)) return wanted;
  if (wanted !== 'last' && !/^[0-9a-f-]{4,35}$/.test(wanted)) throw usageError(`${JSON.stringify(given)} is no call id`, 'Give an id, its beginning or its end from: troncal calls list');
  const recent = await listAll(api, { path: '/api/calls' }, callPageSchema, (page) => page.calls, RECENT);
  const found = wanted === 'last' ? recent.slice(0, 1).map((call) => call.callId) : callsLike(wanted, recent.map((call) => call.callId));
  const [only] = found;
  if (only === undefined) throw new CliError(EXIT.notFound, wanted === 'last' ? 'there has been no call yet' : `no call among the newest ${RECENT} begins or ends with ${wanted}`, 'See: troncal calls list');
  if (found.length > 1) throw usageError(`${found.length} calls begin or end with ${wanted}`, `Give more of it: ${found.slice(0, 3).join(', ')}`);
  return only;
}
