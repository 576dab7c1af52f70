import { PermanentError } from '@troncal/kernel';
import type { SheetState } from './issued-sheet.js';

const RENEW = 'Ask whoever sent it for a new one: troncal sheets issue TENANT.';

/** No link of ours, or a file that this link doesn't hand over. */
export const unknownSheet = (): PermanentError =>
  new PermanentError('unknown_sheet', 'There is no device sheet at this address.', { status: 404, remedy: 'Copy the whole link; it ends in 43 characters.' });

export const noSuchSheet = (id: string): PermanentError =>
  new PermanentError('unknown_sheet', `There is no device sheet ${id} of this tenant.`, { status: 404, remedy: 'GET /api/tenants/{code}/sheets lists them.' });

const WHY: Readonly<Record<Exclude<SheetState, 'open'>, string>> = {
  taken: 'This link was used already, and it is good for one time.',
  expired: 'This link has expired.',
  revoked: 'This link was revoked.',
};

/** 410: a link that is good no more. Whoever finds it `taken` without having taken it himself has to know what that means. */
export const sheetGone = (state: Exclude<SheetState, 'open'>): PermanentError =>
  new PermanentError(`sheet_${state}`, WHY[state], {
    status: 410,
    remedy: state === 'taken' ? `${RENEW} If nobody of yours took it, have the password rotated first: somebody else has it.` : RENEW,
  });

/** The endpoints it was issued for are no longer there, or not any more under this environment. The link isn't used up. */
export const sheetEndpointsGone = (extensions: readonly string[]): PermanentError =>
  new PermanentError('sheet_endpoints_gone', `The sheet is of endpoints that are not there any more: ${extensions.join(', ')}.`, { status: 410, remedy: RENEW });

export const unknownEnvironment = (environment: string, tenant: string): PermanentError =>
  new PermanentError('unknown_environment', `The tenant "${tenant}" is not in the environment "${environment}".`, {
    status: 404,
    details: { environment, tenant },
    remedy: 'Name an environment in which it is declared; "asterisk" is our own.',
  });

export const unknownExtensions = (extensions: readonly string[], tenant: string): PermanentError =>
  new PermanentError('unknown_endpoint', `The tenant "${tenant}" has no enabled endpoint ${extensions.join(', ')}.`, {
    status: 422,
    remedy: `GET /api/tenants/${tenant}/endpoints lists them.`,
  });

export const noEndpoints = (tenant: string): PermanentError =>
  new PermanentError('no_endpoints', `The tenant "${tenant}" has no enabled endpoint, so there is no sheet to write.`, {
    status: 422,
    remedy: 'Declare an endpoint first.',
  });
