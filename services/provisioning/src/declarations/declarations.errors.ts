import { PermanentError, type Fault } from '@troncal/kernel';

export const notDeclared = (environment: string, tenant: string): PermanentError =>
  new PermanentError('tenant_not_declared', `"${tenant}" is not declared in "${environment}".`, { status: 404, details: { environment, tenant }, remedy: `troncal tenants list --env ${environment} shows those that are.` });

export const declarationsClash = (faults: readonly Fault[]): PermanentError =>
  new PermanentError('declarations_clash', `What is declared can't be: ${faults.map(({ where, message }) => `${where}: ${message}`).join('; ')}`, { status: 409, faults, remedy: 'Change what is named; nothing of it was stored.' });
