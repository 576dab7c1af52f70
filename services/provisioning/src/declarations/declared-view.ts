import type { DeclaredTenantView, OwnedNumberView, SipUserView } from '@troncal/contracts';
import type { TenantFacts } from '../reconcile/tenant-facts.js';
import type { SipUser } from '../sip-users/sip-user.js';
import { wishesOf, type TwilioNumber } from '../twilio-numbers/twilio-number.js';

/** A tenant of an environment as it is shown. @param domain of the environment */
export function declaredView(facts: TenantFacts, domain: string): DeclaredTenantView {
  const { environment, tenant, revision, state, asFound: legacy, declaration, users } = facts;
  return { environment, tenant, revision, state, legacy, declaration, users: users.map((user) => userView(user, facts, domain)), numbers: facts.numbers.map((number) => numberView(number, facts)) };
}

/** A phone of a tenant; with its password only where that was asked for. @param domain of the environment */
export function userView({ tenant, extension, username, list, state, credentialRevision, password, next }: SipUser, { declaration, subaccount }: Pick<TenantFacts, 'declaration' | 'subaccount'>, domain: string, shown?: string): SipUserView {
  const endpoint = declaration.endpoints.find((each) => each.extension === extension);
  return {
    tenant, extension, role: endpoint?.role ?? '', displayName: endpoint?.displayName ?? endpoint?.role ?? '', username, list, domain: subaccount?.domain ?? domain,
    state: next !== null ? 'rotating' : password === null ? 'legacy' : state,
    credentialRevision, ...(shown === undefined ? {} : { password: shown }),
  };
}

/** A number of a tenant. */
export function numberView({ tenant, wish, e164, state, why, who, releasableAt }: TwilioNumber, { declaration, asFound }: Pick<TenantFacts, 'declaration' | 'asFound'>): OwnedNumberView {
  const wanted = wishesOf(declaration.numbers).find((each) => each.wish === wish)?.number;
  return { tenant, e164, have: wanted?.have ?? 'none', route: wanted?.route ?? '', state, why, who, releasableAt: releasableAt?.toISOString() ?? null, legacy: asFound };
}
