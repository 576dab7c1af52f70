import type { TenantDeclaration, SubaccountView } from '@troncal/contracts';
import type { SealedSecret } from '@troncal/persistence';
import { nameOfAccount, type Environment } from '../environments/environment.js';
import { emergencyRail } from '../outbound/emergency-rail.js';
import { LONGEST_NAME, type FoundSettings } from '../twilio/account/desired-account.js';

/** What identifies one. */
export interface SubaccountKey {
  readonly environment: string;
  readonly tenant: string;
}

/** A Twilio account that a tenant of an environment has of its own, under the platform's. */
export interface Subaccount extends SubaccountKey {
  /** Its friendly name: unique among ours, though Twilio would take it twice. */
  readonly name: string;
  /** The SIP domain in it, in full. Every phone has it, so it never changes. */
  readonly domain: string;
  /** Twilio was asked, or is about to be: it may be there though we don't know which one it is. */
  readonly asked: boolean;
  /** null until it is known. */
  readonly opened: OpenedSubaccount | null;
  /** Its domain as it was found, for one that was taken over. */
  readonly found: FoundSettings | null;
}

export interface OpenedSubaccount {
  readonly sid: string;
  readonly token: SealedSecret;
  /** As Twilio told it last. */
  readonly status: 'active' | 'suspended';
}

/** DNS's. */
const LONGEST_LABEL = 63;
const SUFFIX = '.sip.twilio.com';

/** How a tenant's subaccount is called, and its SIP domain; or why that can't be. */
export function namesOf(environment: Pick<Environment, 'name' | 'domain' | 'naming'>, declaration: Pick<TenantDeclaration, 'tenant' | 'domain'>): { readonly name: string; readonly domain: string; readonly faults: readonly string[] } {
  const { tenant } = declaration;
  const name = nameOfAccount(environment, tenant);
  const label = `${environment.domain.slice(0, -SUFFIX.length)}-${tenant.replaceAll('_', '-')}`.replace(/-+$/, '');
  const own = declaration.domain ?? `${label}${SUFFIX}`;
  return {
    name,
    domain: own,
    faults: [
      ...(name.length <= LONGEST_NAME ? [] : [`its subaccount’s name "${name}" has more than ${LONGEST_NAME} characters: give the environment a shorter naming.account`]),
      ...(own.length - SUFFIX.length <= LONGEST_LABEL ? [] : [`its SIP domain "${own}" has more than ${LONGEST_LABEL} characters before ${SUFFIX}: give the tenant a shorter domain`]),
    ],
  };
}

/**
 * Whether a tenant's subaccount has to be at work. A suspended tenant's is suspended too, so that nothing in it costs anything or can be used whoever has its token; but not
 * where emergency calls leave through it: those are never refused.
 */
export const statusOf = ({ country, emergency }: Pick<TenantDeclaration, 'country' | 'emergency'>, isSuspended: boolean): OpenedSubaccount['status'] => (isSuspended && emergencyRail(country, emergency) === 'none' ? 'suspended' : 'active');

/** @param isDeclared its tenant is */
export const subaccountView = ({ tenant, name, domain, opened }: Subaccount, isDeclared: boolean): SubaccountView => ({ tenant, name, domain, sid: opened?.sid ?? null, state: isDeclared ? (opened === null ? 'wanted' : 'open') : 'held' });
