import { isEmergencyNumber } from '@troncal/dial-guard';
import { PermanentError } from '@troncal/kernel';
import type { Tenant } from './tenant.js';

/**
 * Refuses an extension that is an emergency number where the tenant is: whoever dials it must reach help, whatever was declared.
 * @throws PermanentError `extension_reserved`
 */
export function refuseEmergency(tenant: Tenant, extension: string): void {
  if (!isEmergencyNumber(extension, tenant.country)) return;
  throw new PermanentError('extension_reserved', `${extension} is an emergency number in ${tenant.country}, where the tenant "${tenant.code}" is.`, {
    faults: [{ where: '/extension', message: `an emergency number in ${tenant.country}` }],
    remedy: 'Choose another extension.',
  });
}
