import { PermanentError } from '@troncal/kernel';

export const noGdmsAccount = (environment: string): PermanentError =>
  new PermanentError('no_gdms_account', `"${environment}" has no account at GDMS.`, { status: 409, details: { environment }, remedy: `Give it one: troncal devices connect --env ${environment}` });

export const unknownDevices = (tenant: string, macs: readonly string[]): PermanentError =>
  new PermanentError('unknown_device', `"${tenant}" declares no telephone ${macs.join(', ')}.`, { status: 404, details: { tenant, macs }, remedy: 'Declare it as `device` of its endpoint, and apply the tenant.' });

export const noDevices = (tenant: string): PermanentError =>
  new PermanentError('no_devices', `"${tenant}" declares no telephone.`, { status: 409, details: { tenant }, remedy: 'Write `device: { model, mac, serial }` at its endpoints, and apply the tenant.' });
