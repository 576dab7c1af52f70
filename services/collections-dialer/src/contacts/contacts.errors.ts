import { PermanentError } from '@troncal/kernel';

/** Also what a key of another tenant gets to hear: it can't tell a foreign tenant from none. */
export const unknownTenant = (tenant: string): PermanentError =>
  new PermanentError('unknown_tenant', `There is no tenant "${tenant}".`, { status: 404, remedy: 'Leave "tenant" out: this key sees its own contacts.' });

export const badCursor = (): PermanentError =>
  new PermanentError('validation_failed', 'The query of the request is not valid: /after: this is no "next" of a page.', {
    faults: [{ where: '/after', message: 'this is no "next" of a page' }],
    remedy: 'Hand back "next" of the page before, as it was.',
  });

/** A key of the platform belongs to no tenant, so it must say which. */
export function tenantNeeded(): never {
  throw new PermanentError('validation_failed', 'The query of the request is not valid: /tenant: a key of the platform must say which tenant.', {
    faults: [{ where: '/tenant', message: 'a key of the platform must say which tenant' }],
    remedy: 'Add ?tenant=<code>.',
  });
}
