import type { DeclaredEndpoint, TenantDeclaration } from '@troncal/contracts';
import { nameBy, type Environment } from '../environments/environment.js';

export interface PlannedUser {
  readonly extension: string;
  readonly endpoint: DeclaredEndpoint;
  /** undefined as long as its name needs a number that isn't chosen yet. */
  readonly username: string | undefined;
}

/**
 * The SIP users of a tenant at Twilio by the environment's pattern, in the order of its endpoints: phones that register at our Asterisk have none.
 * @param first the tenant's first number, once it is known; the first declared one when absent
 */
export function plannedUsers({ naming }: Pick<Environment, 'naming'>, { tenant, numbers, endpoints }: TenantDeclaration, first = numbers[0]?.e164): PlannedUser[] {
  return endpoints.filter(({ rail }) => rail === 'twilio').map((endpoint) => ({
    extension: endpoint.extension,
    endpoint,
    username: endpoint.username ?? nameBy(naming.user, { code: tenant, number: first, role: endpoint.role, extension: endpoint.extension }),
  }));
}
