import { PermanentError } from '@troncal/kernel';

export const unknownNumber = (tenant: string, number: string): PermanentError =>
  new PermanentError('unknown_number', `The tenant "${tenant}" has no number ${number}.`, {
    status: 404,
    details: { tenant },
    remedy: `Assign it with PUT /api/tenants/${tenant}/numbers/${number}.`,
  });

/** @param owner the tenant that has it, for a key of the platform only: other tenants must not learn it */
export const numberTaken = (number: string, owner: string | undefined): PermanentError =>
  new PermanentError('number_taken', `The number ${number} belongs to ${owner === undefined ? 'another tenant' : `the tenant "${owner}"`}.`, {
    status: 409,
    ...(owner !== undefined && { details: { owner } }),
    remedy: owner === undefined ? 'Ask the platform’s operator to release it there first.' : `Release it there first: DELETE /api/tenants/${owner}/numbers/${number}`,
  });

export const noSuchRoute = (tenant: string, route: string): PermanentError =>
  new PermanentError('unknown_route', `The tenant "${tenant}" has no route "${route}" for the number to lead to.`, {
    status: 422,
    details: { tenant, route },
    faults: [{ where: '/route', message: `no route "${route}"` }],
    remedy: `Declare it first: PUT /api/tenants/${tenant}/routes/${route}`,
  });
