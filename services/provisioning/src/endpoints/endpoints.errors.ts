import { PermanentError } from '@troncal/kernel';

export const unknownEndpoint = (tenant: string, extension: string): PermanentError =>
  new PermanentError('unknown_endpoint', `The tenant "${tenant}" has no endpoint ${extension}.`, {
    status: 404,
    details: { tenant, extension },
    remedy: `Declare it with PUT /api/tenants/${tenant}/endpoints/${extension}.`,
  });

/** An extension reaches one thing: an endpoint or a route. */
export const extensionIsRoute = (tenant: string, extension: string, route: string): PermanentError =>
  new PermanentError('extension_taken', `Extension ${extension} of "${tenant}" reaches the route "${route}".`, {
    status: 409,
    details: { tenant, extension, route },
    remedy: `Choose another extension, or take it off the route: PUT /api/tenants/${tenant}/routes/${route}`,
  });
