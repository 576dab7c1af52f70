import { routeTo } from '@troncal/callflow';
import type { transferSchema } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import type { z } from 'zod';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { Call } from './call.js';
import type { TransferTarget } from './machine/call-message.js';

/** Looks up where a call is to be sent. @throws PermanentError no_such_endpoint, unknown_route (422) */
export function transferTarget(call: Call, request: z.output<typeof transferSchema>, directory: TenantDirectory): TransferTarget {
  const { extension, queue, route: code, agent } = request;
  const language = call.route.language;
  if (queue !== undefined) return { kind: 'queue', target: queue, route: routeTo({ kind: 'queue', queue }, language), routeRef: null };
  if (agent !== undefined) return { kind: 'agent', target: agent, route: routeTo({ kind: 'agent', agent }, language), routeRef: null };
  const known = code === undefined ? directory.routeByExtension(call.tenant, extension ?? '') : directory.route(call.tenant, code);
  if (known) return { kind: 'route', target: known.code, route: known.route, routeRef: { code: known.code, revision: known.revision } };
  if (code !== undefined) throw new PermanentError('unknown_route', `Tenant "${call.tenant}" has no route "${code}".`, { status: 422, remedy: 'Declare it with PUT /api/tenants/{code}/routes/{route}.' });
  if (extension === undefined || !directory.endpoint(call.tenant, extension)?.enabled) {
    throw new PermanentError('no_such_endpoint', `Tenant "${call.tenant}" has no extension ${extension} that can be rung.`, { status: 422, remedy: 'Declare it with PUT /api/tenants/{code}/endpoints/{extension}.' });
  }
  return { kind: 'endpoint', target: extension, route: routeTo({ kind: 'extension', extension, announce: true }, language), routeRef: null };
}
