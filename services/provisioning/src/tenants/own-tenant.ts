import type { CallerFacts } from '@troncal/chassis';
import { platformOnly, unknownTenant } from './tenants.errors.js';

/** The platform’s own key, which may touch every tenant. */
export const isPlatform = (caller: CallerFacts): boolean => caller.tenant === '*';

/** Hides every tenant but the caller’s own. @throws PermanentError `unknown_tenant` (404) */
export function requireOwn(caller: CallerFacts, tenant: string): void {
  if (!isPlatform(caller) && caller.tenant !== tenant) throw unknownTenant(tenant);
}

/** @param what is reserved, as the beginning of a sentence @throws PermanentError `platform_only` (403) */
export function requirePlatform(caller: CallerFacts, what: string): void {
  if (!isPlatform(caller)) throw platformOnly(what);
}
