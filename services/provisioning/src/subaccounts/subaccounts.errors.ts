import { PermanentError } from '@troncal/kernel';
import type { Subaccount } from './subaccount.js';

export const notOpened = (name: string, environment: string): PermanentError =>
  new PermanentError('subaccount_not_opened', `The subaccount ${name} is not opened yet.`, { status: 409, remedy: `Apply its tenant, or troncal env repair ${environment}` });

export const nameTaken = ({ name, environment, tenant }: Subaccount, sid: string): PermanentError =>
  new PermanentError('subaccount_name_taken', `There is a subaccount ${name} (${sid}) that we have not opened.`, {
    details: { environment, tenant, sid },
    remedy: 'Rename it at Twilio, or give the environment another naming.account; if it was made for this tenant, delete the tenant and take it over: troncal tenants import',
  });

export const unknownSubaccount = (environment: string, tenant: string): PermanentError =>
  new PermanentError('unknown_subaccount', `"${tenant}" has no subaccount in "${environment}".`, { status: 404, remedy: `troncal subaccounts list --env ${environment} shows those that are.` });

export const subaccountInUse = ({ name, tenant, environment }: Subaccount): PermanentError =>
  new PermanentError('subaccount_in_use', `The telephones of ${tenant} are in ${name}.`, { status: 409, remedy: `Delete the tenant first: troncal tenants delete ${tenant} --env ${environment} --confirm ${tenant}` });

/** @param numbers that would be lost, each with until when it is held */
export const numbersLeft = ({ name, environment }: Subaccount, numbers: readonly string[]): PermanentError =>
  new PermanentError('subaccount_not_empty', `${name} has numbers, which would be gone for ever with it: ${numbers.join(', ')}.`, {
    status: 409,
    details: { numbers: [...numbers] },
    remedy: `Release each once its hold is over (troncal numbers release NUMBER --confirm NUMBER --env ${environment}), or declare it for another tenant, which moves it.`,
  });

export const notConfirmed = ({ name }: Subaccount): PermanentError =>
  new PermanentError('not_confirmed', `${name} would be closed for ever.`, { status: 409, remedy: `Name it a second time: confirm ${name}` });

export const placementIsFixed = (environment: string, tenants: number): PermanentError =>
  new PermanentError('placement_is_fixed', `${tenants} tenants of "${environment}" have no placement of their own, and their phones would lose their SIP domain: nobody is moved to or from a subaccount.`, {
    status: 409,
    remedy: 'Write their placement into their declarations and apply them first, or make another environment.',
  });

/** Why a tenant isn't moved to or from a subaccount, and what to do. @param domain where its phones register */
export const placementFault = (domain: string): string =>
  `its phones register at ${domain} and would all lose it: nobody is moved to or from a subaccount. Leave its placement, or declare it in another environment, give its phones their new sheets, and move its numbers there (troncal numbers move) before it is deleted here`;
