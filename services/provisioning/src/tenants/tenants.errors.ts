import { PermanentError } from '@troncal/kernel';

/** Also what a key of another tenant gets to hear: it can't tell a foreign tenant from none. */
export const unknownTenant = (code: string): PermanentError =>
  new PermanentError('unknown_tenant', `There is no tenant "${code}".`, { status: 404, details: { tenant: code }, remedy: 'GET /api/tenants lists the ones this key may see.' });

export const tenantExists = (code: string): PermanentError =>
  new PermanentError('tenant_exists', `There is a tenant "${code}" already.`, { status: 409, details: { tenant: code }, remedy: `Change it with PATCH /api/tenants/${code}, or choose another code.` });

export const platformOnly = (what: string): PermanentError =>
  new PermanentError('platform_only', `${what} is the platform’s, and this API key belongs to one tenant.`, { status: 403, remedy: 'Use a key of the platform (tenant "*").' });
