import { routeTo } from '@troncal/callflow';
import type { transferSchema } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import type { z } from 'zod';
import type { TenantDirectory } from '../../tenant-directory/tenant-directory.js';
import type { Call } from '../call.js';
import type { DialOut } from './dial-out.js';
import type { TransferTarget } from '../machine/control-message.js';

export type TransferRequest = z.output<typeof transferSchema>;

/** Looks up where a call is to be sent. @throws PermanentError no_such_endpoint, unknown_route (422); the dial guard's reason (403) */
export function transferTarget(call: Call, request: TransferRequest, directory: TenantDirectory, dialOut: DialOut): TransferTarget {
  const { extension, number, queue, route: code, agent, timeoutMs } = request;
  const { language } = call;
  if (queue !== undefined) return { kind: 'queue', target: queue, route: routeTo({ kind: 'queue', queue }, language), routeRef: null };
  if (agent !== undefined) return { kind: 'agent', target: agent, route: routeTo({ kind: 'agent', agent }, language), routeRef: null };
  const known = code === undefined ? directory.routeByExtension(call.tenant, extension ?? '') : directory.route(call.tenant, code);
  if (known) return { kind: 'route', target: known.code, route: known.route, routeRef: { code: known.code, revision: known.revision } };
  if (code !== undefined) throw new PermanentError('unknown_route', `Tenant "${call.tenant}" has no route "${code}".`, { status: 422, remedy: 'Declare it with PUT /api/tenants/{code}/routes/{route}.' });
  const to = extension ?? number ?? '';
  const { kind, target } = dialOut.reach(call, to);
  // A route names extensions: a number outside is one by its digits, as for a phone that calls out.
  const named = kind === 'endpoint' ? to : to.replaceAll(/[^0-9*#]/g, '').slice(0, 16);
  return { kind, target: to, route: routeTo({ kind: 'extension', extension: named, announce: true, timeoutMs }, language), routeRef: null, ...(kind === 'number' ? { dials: { [named]: target } } : {}) };
}
