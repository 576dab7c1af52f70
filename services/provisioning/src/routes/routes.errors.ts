import { PermanentError } from '@troncal/kernel';

export const unknownRoute = (tenant: string, code: string): PermanentError =>
  new PermanentError('unknown_route', `The tenant "${tenant}" has no route "${code}".`, {
    status: 404,
    details: { tenant, route: code },
    remedy: `Declare it with PUT /api/tenants/${tenant}/routes/${code}.`,
  });

export const routeInUse = (tenant: string, code: string, numbers: readonly string[]): PermanentError =>
  new PermanentError('route_in_use', `The route "${code}" of "${tenant}" is where ${numbers.length === 1 ? 'a number leads' : `${numbers.length} numbers lead`}: ${numbers.join(', ')}.`, {
    status: 409,
    details: { tenant, route: code, count: numbers.length },
    remedy: `Lead them elsewhere (PUT /api/tenants/${tenant}/numbers/{number}) or release them (DELETE) first.`,
  });

/** An extension reaches one thing: an endpoint or a route. */
export const extensionTaken = (tenant: string, extension: string, by: { readonly route?: string | undefined }): PermanentError =>
  new PermanentError('extension_taken', `Extension ${extension} of "${tenant}" is ${by.route === undefined ? 'an endpoint' : `that of the route "${by.route}"`}.`, {
    status: 409,
    details: { tenant, extension, ...by },
    remedy: 'Choose another extension for this route, or free that one first.',
  });
