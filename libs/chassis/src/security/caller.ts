import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { PermanentError } from '@troncal/kernel';
import type { FastifyRequest } from 'fastify';
import type { Caller as CallerFacts } from './api-keys.js';

const CALLER = Symbol('caller');

/** Notes on the request who asks. */
export function setCaller(request: FastifyRequest, caller: CallerFacts): void {
  Object.defineProperty(request, CALLER, { value: caller });
}

/** Who asks; undefined on a public path. */
export function callerOf(request: FastifyRequest): CallerFacts | undefined {
  return (request as FastifyRequest & { [CALLER]?: CallerFacts })[CALLER];
}

/** Who asks, in a controller's method: `@Caller() caller: Caller`. */
export const Caller: () => ParameterDecorator = createParamDecorator((_: unknown, host: ExecutionContext) => callerOf(host.switchToHttp().getRequest<FastifyRequest>()));

/** Refuses (403) unless the key is for this tenant or for all. */
export function requireTenant(caller: CallerFacts, tenant: string): void {
  if (caller.tenant === '*' || caller.tenant === tenant) return;
  throw new PermanentError('wrong_tenant', `This API key is not for the tenant ${tenant}.`, { status: 403 });
}

/** Refuses (403) unless the key has the scope, or `*` for all. */
export function requireScope(caller: CallerFacts, scope: string): void {
  if (caller.scopes.includes(scope) || caller.scopes.includes('*')) return;
  throw new PermanentError('missing_scope', `This API key lacks the scope ${scope}.`, { status: 403 });
}
