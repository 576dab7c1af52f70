import { expect, it } from 'vitest';
import type { TenantFacts } from './directory-facts.js';
import { TenantDirectory } from './tenant-directory.js';

const tenant = (code: string): TenantFacts => ({ tenant: code, name: code, country: 'CL', language: 'es', timeZone: 'America/Santiago', suspended: false, revision: 1 });

it('knows the only tenant, and none when there are none or several', () => {
  const directory = new TenantDirectory();
  expect(directory.onlyTenant()).toBeUndefined();
  directory.apply({ kind: 'tenant', facts: tenant('demo') });
  expect(directory.onlyTenant()).toBe('demo');
  directory.apply({ kind: 'tenant', facts: tenant('other') });
  expect(directory.onlyTenant()).toBeUndefined();
  directory.apply({ kind: 'tenant_removed', tenant: 'other', revision: 2 });
  expect(directory.onlyTenant()).toBe('demo');
});
