import type { Language } from '@troncal/contracts';

/** A customer. `revision` grows with every change and never falls, not even when the code is deleted and used again. */
export interface Tenant {
  readonly code: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly language: Language;
  /** IANA name. */
  readonly timeZone: string;
  readonly suspended: { readonly reason: string } | null;
  readonly revision: number;
  readonly createdAt: Date;
}

/** What a change asks for; an absent field stays as it is, `suspended: null` lifts the suspension. */
export interface TenantPatch {
  readonly name?: string | undefined;
  readonly language?: Language | undefined;
  readonly timeZone?: string | undefined;
  readonly suspended?: { readonly reason: string } | null | undefined;
}

/** One fact about a tenant that became true, with the tenant as it then stands. */
export type TenantStep = { readonly fact: 'updated'; readonly tenant: Tenant } | { readonly fact: 'suspended'; readonly tenant: Tenant; readonly reason: string };

/**
 * The facts that a patch makes true, in order; none when it changes nothing. Particulars come before a suspension, because the event
 * of a suspension does not carry them; lifting one goes with the particulars in a single fact.
 */
export function changeTenant(tenant: Tenant, patch: TenantPatch): TenantStep[] {
  const steps: TenantStep[] = [];
  let now = tenant;
  const particulars = { name: patch.name ?? now.name, language: patch.language ?? now.language, timeZone: patch.timeZone ?? now.timeZone };
  const lifts = patch.suspended === null && now.suspended !== null;
  const differs = particulars.name !== now.name || particulars.language !== now.language || particulars.timeZone !== now.timeZone;
  if (differs || lifts) {
    now = { ...now, ...particulars, suspended: lifts ? null : now.suspended, revision: now.revision + 1 };
    steps.push({ fact: 'updated', tenant: now });
  }
  if (patch.suspended && patch.suspended.reason !== now.suspended?.reason) {
    now = { ...now, suspended: { reason: patch.suspended.reason }, revision: now.revision + 1 };
    steps.push({ fact: 'suspended', tenant: now, reason: patch.suspended.reason });
  }
  return steps;
}
