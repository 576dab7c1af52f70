import { describe, expect, it } from 'vitest';
import { changeTenant, type Tenant } from './tenant.js';

const tenant: Tenant = { code: 'demo', name: 'Demo', country: 'CL', language: 'es', timeZone: 'America/Santiago', suspended: null, revision: 4, createdAt: new Date(0) };
const suspended: Tenant = { ...tenant, suspended: { reason: 'unpaid' } };

describe('changing a tenant', () => {
  it.each([
    ['nothing is asked for', tenant, {}],
    ['what is asked for is so already', tenant, { name: 'Demo', language: 'es' as const }],
    ['a suspension is lifted that is not there', tenant, { suspended: null }],
    ['it is suspended again for the same reason', suspended, { suspended: { reason: 'unpaid' } }],
  ])('makes no fact when %s', (_case, before, patch) => {
    expect(changeTenant(before, patch)).toEqual([]);
  });

  it('tells new particulars once and keeps the suspension', () => {
    expect(changeTenant(suspended, { name: 'New', timeZone: 'UTC' })).toEqual([{ fact: 'updated', tenant: { ...suspended, name: 'New', timeZone: 'UTC', revision: 5 } }]);
  });

  it('tells particulars before the suspension that came with them', () => {
    const steps = changeTenant(tenant, { name: 'New', suspended: { reason: 'fraud' } });
    expect(steps.map((step) => [step.fact, step.tenant.revision, step.tenant.suspended])).toEqual([
      ['updated', 5, null],
      ['suspended', 6, { reason: 'fraud' }],
    ]);
  });

  it('lifts a suspension together with new particulars in one fact', () => {
    expect(changeTenant(suspended, { language: 'en', suspended: null })).toEqual([{ fact: 'updated', tenant: { ...tenant, language: 'en', revision: 5 } }]);
  });

  it('tells a new reason for the suspension', () => {
    expect(changeTenant(suspended, { suspended: { reason: 'fraud' } })).toMatchObject([{ fact: 'suspended', reason: 'fraud', tenant: { revision: 5 } }]);
  });
});
