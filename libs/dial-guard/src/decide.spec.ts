import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, isEmergencyNumber, type DialFacts } from './index.js';

const facts: DialFacts = {
  tenant: { country: 'CL', suspended: false },
  trunks: [
    { name: 'carrier-pe', countries: ['PE'], callerId: '+5112345678' },
    { name: 'carrier-cl', countries: ['CL', 'GB'], callerId: '+56225550100' },
  ],
  numbers: ['+56225550101'],
};
const ask = (to: string, more: Partial<DialFacts> = {}, from?: string) => decide({ tenant: 'demo', to, ...(from === undefined ? {} : { from }) }, { ...facts, ...more });
const withEndpoint = (extension: string, enabled = true) => ({ endpoint: { extension, enabled } });

describe('decide', () => {
  it('lets an endpoint of the same tenant be called', () => {
    expect(ask('202', withEndpoint('202'))).toMatchObject({ allowed: true, reason: 'internal', destination: { kind: 'endpoint', extension: '202' } });
  });

  it('lets a number of an allowed country be called through the trunk that allows it, shown as the trunk’s number', () => {
    expect(ask('+56 2 2345 6789')).toMatchObject({ allowed: true, destination: { kind: 'trunk', trunk: 'carrier-cl', number: '+56223456789', callerId: '+56225550100' } });
    expect(ask('+51987654321')).toMatchObject({ allowed: true, destination: { trunk: 'carrier-pe' } });
  });

  it('reads national numbers in the tenant’s country', () => {
    expect(ask('223456789')).toMatchObject({ allowed: true, destination: { number: '+56223456789' } });
  });

  it.each([
    ['203', {}, undefined, 'no_such_endpoint'],
    ['202', withEndpoint('202', false), undefined, 'endpoint_disabled'],
    ['202', { tenant: { country: 'CL', suspended: true }, ...withEndpoint('202') }, undefined, 'tenant_suspended'],
    ['+1 212 555 2368', {}, undefined, 'country_not_allowed'],
    ['+56223456789', { trunks: [] }, undefined, 'no_trunk'],
    ['+56 000', {}, undefined, 'invalid_number'],
    ['sip:someone@example.org', {}, undefined, 'invalid_number'],
    ['+56223456789&Local/1@x', {}, undefined, 'invalid_number'],
    ['+44 909 879 0000', {}, undefined, 'premium_denied'],
    ['+881 6 2345 6789', {}, undefined, 'satellite_denied'],
    ['+56223456789', {}, '+12125552368', 'caller_id_not_owned'],
  ] as const)('refuses %s %j from %s: %s', (to, more, from, reason) => {
    const decision = ask(to, more, from);
    expect(decision).toMatchObject({ allowed: false, reason });
    expect(decision).toHaveProperty('remedy', expect.stringMatching(/.+\.$/));
  });

  it('refuses a tenant that does not exist', () => {
    expect(decide({ tenant: 'nobody', to: '202' }, { trunks: [], numbers: [] })).toMatchObject({ allowed: false, reason: 'unknown_tenant' });
  });

  it('shows an own number as caller when asked to', () => {
    expect(ask('+56223456789', {}, '+56225550101')).toMatchObject({ destination: { callerId: '+56225550101' } });
  });

  it('never blocks an emergency number: not for a suspended tenant, not without a trunk, not as an extension', () => {
    expect(ask('133')).toMatchObject({ allowed: true, reason: 'emergency', destination: { kind: 'emergency', number: '133', trunk: 'carrier-cl' } });
    expect(ask('133', { tenant: { country: 'CL', suspended: true } })).toMatchObject({ allowed: true, reason: 'emergency' });
    expect(ask('911', { trunks: [], numbers: [] })).toMatchObject({ allowed: true, destination: { kind: 'emergency', number: '911' } });
    expect(ask('131', withEndpoint('131'))).toMatchObject({ reason: 'emergency' });
  });

  it('keeps what it was decided from', () => {
    expect(ask('203').inputs).toEqual({ request: { tenant: 'demo', to: '203' }, facts });
  });

  it('denies anything that no rule names: random input never throws and never finds a way out without a trunk', () => {
    const closed = { ...facts, trunks: [] };
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\+?[0-9]{1,16}$/)), (to) => {
        const decision = decide({ tenant: 'demo', to }, closed);
        expect(decision.allowed).toBe(isEmergencyNumber(to, 'CL'));
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells one country’s emergency numbers from another’s', () => {
    expect(isEmergencyNumber('133', 'CL')).toBe(true);
    expect(isEmergencyNumber('133', 'US')).toBe(false);
    expect(isEmergencyNumber('1 3 3', 'CL')).toBe(true);
  });
});
