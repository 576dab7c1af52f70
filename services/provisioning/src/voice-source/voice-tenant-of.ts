import { effectiveRoutes, localeIn } from '@troncal/contracts';
import { sipUserOf } from '../endpoints/endpoint.js';
import type { Environment } from '../environments/environment.js';
import type { TenantFacts } from '../reconcile/tenant-facts.js';
import { wishesOf } from '../twilio-numbers/twilio-number.js';
import type { VoiceTenant } from '../voice/directory/voice-tenant.js';

/** A declared tenant as calls see it: numbers that are chosen, phones that have a SIP user. Pure. */
export function voiceTenantOf(environment: Pick<Environment, 'name' | 'domain' | 'naming'>, facts: TenantFacts, suspended: boolean): VoiceTenant {
  const { declaration, revision, users } = facts;
  const chosen = new Map(facts.numbers.flatMap(({ wish, e164, state }) => (e164 === null || state === 'held' ? [] : [[wish, e164] as const])));
  const numbers = wishesOf(declaration.numbers).flatMap(({ wish, number: { route } }) => {
    const e164 = chosen.get(wish);
    return e164 === undefined ? [] : [{ e164, route }];
  });
  const usernames = new Map(users.map(({ extension, username }) => [extension, username]));
  const first = numbers[0]?.e164;
  return {
    environment: environment.name,
    tenant: facts.tenant,
    name: declaration.name,
    country: declaration.country,
    language: declaration.language,
    locale: declaration.locale ?? localeIn(declaration.language, declaration.country),
    timeZone: declaration.timeZone,
    suspended,
    domain: facts.subaccount?.domain ?? environment.domain,
    ...(facts.subaccount === null ? {} : { ownAccount: true }),
    numbers,
    routes: Object.entries(effectiveRoutes(declaration)).map(([code, route]) => ({ code, revision, route })),
    endpoints: declaration.endpoints.flatMap(({ extension, role, displayName = role, callerId, rail, queues }) => {
      const username = rail === 'asterisk' ? sipUserOf(facts.tenant, extension) : usernames.get(extension);
      return username === undefined ? [] : [{ extension, role, displayName, rail, username, callerId: callerId ?? first ?? null, enabled: true, queues }];
    }),
    outbound: declaration.outbound,
    emergency: { acknowledged: declaration.emergency.acknowledged, line: declaration.emergency.line },
  };
}
