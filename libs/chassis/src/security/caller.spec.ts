import { describe, expect, it } from 'vitest';
import { requireScope, requireTenant } from './caller.js';

const key = (tenant: string, ...scopes: string[]) => ({ keyId: 'k', tenant, scopes });

describe('a key’s scopes', () => {
  it('let in whoever has the scope, or "*", which is all of them', () => {
    for (const scopes of [['calls:write'], ['calls:read', 'calls:write'], ['*']]) expect(() => requireScope(key('acme', ...scopes), 'calls:write')).not.toThrow();
    expect(() => requireScope(key('acme', '*'), 'a scope that nobody has thought of yet')).not.toThrow();
  });

  it.each([[[]], [['calls:read']], [['calls:*']], [['calls']]])('refuse %j', (scopes) => {
    expect(() => requireScope(key('*', ...scopes), 'calls:write')).toThrow(expect.objectContaining({ code: 'missing_scope', status: 403 }));
  });
});

describe('a key’s tenant', () => {
  it('is the one asked for, or all', () => {
    for (const tenant of ['acme', '*']) expect(() => requireTenant(key(tenant), 'acme')).not.toThrow();
    expect(() => requireTenant(key('acme-2', '*'), 'acme')).toThrow(expect.objectContaining({ code: 'wrong_tenant', status: 403 }));
  });
});
