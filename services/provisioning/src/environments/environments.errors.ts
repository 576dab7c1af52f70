import { PermanentError } from '@troncal/kernel';
import type { EnvironmentUse } from './environments.repository.js';

export const unknownEnvironment = (name: string): PermanentError =>
  new PermanentError('unknown_environment', `There is no environment "${name}".`, { status: 404, details: { environment: name }, remedy: `GET /api/environments lists them; PUT /api/environments/${name} makes it.` });

export const domainIsFixed = (name: string, domain: string, wanted: string): PermanentError =>
  new PermanentError('domain_is_fixed', `The phones of "${name}" register at ${domain}, and would all be lost at ${wanted}.`, { status: 409, remedy: 'Make another environment with that domain, and move its tenants.' });

export const domainInUse = (domain: string): PermanentError =>
  new PermanentError('domain_in_use', `${domain} is another environment’s.`, { status: 409, remedy: 'Choose another domain: each environment has its own.' });

export const environmentNotEmpty = (name: string, { tenants, numbers, subaccounts }: EnvironmentUse): PermanentError =>
  new PermanentError('environment_not_empty', `"${name}" has ${tenants} tenants, ${numbers} numbers and ${subaccounts} subaccounts.`, { status: 409, remedy: `Delete its tenants, release or move its numbers and close its subaccounts first: troncal tenants list --env ${name}` });

export const edgeNeedsPrimary = (name: string): PermanentError =>
  new PermanentError('edge_needs_primary', `Our Asterisk has the tenants of the primary environment; those of "${name}" are not known there.`, { status: 409, remedy: 'Leave "edge" out, or run a Troncal of its own for this environment.' });

export const nameReserved = (name: string): PermanentError => new PermanentError('name_reserved', `"${name}" is the environment of our own Asterisk.`, { status: 409, remedy: 'Choose another name.' });
