import { describe, expect, it } from 'vitest';
import { changeEndpoint, newEndpoint, rotateCredential, sipUserOf } from './endpoint.js';

const wanted = { displayName: 'Office', role: 'office', queues: ['people', 'billing', 'people'], enabled: true };

describe('an endpoint', () => {
  it('begins where the last one of its extension ended', () => {
    const first = newEndpoint('demo', '202', wanted, { revision: 0, credentialRevision: 0 });
    expect(first).toEqual({ tenant: 'demo', extension: '202', ...wanted, queues: ['billing', 'people'], revision: 1, credentialRevision: 1 });
    expect(newEndpoint('demo', '202', wanted, { revision: 7, credentialRevision: 3 })).toMatchObject({ revision: 8, credentialRevision: 4 });
  });

  it('does not change when the same is declared, in whatever order', () => {
    const endpoint = newEndpoint('demo', '202', wanted, { revision: 0, credentialRevision: 0 });
    expect(changeEndpoint(endpoint, { ...wanted, queues: ['people', 'billing'] })).toBeUndefined();
    expect(changeEndpoint(endpoint, { ...wanted, enabled: false })).toEqual({ ...endpoint, enabled: false, revision: 2 });
  });

  it('keeps its revision when only its password is new', () => {
    const endpoint = newEndpoint('demo', '202', wanted, { revision: 0, credentialRevision: 0 });
    expect(rotateCredential(endpoint)).toEqual({ ...endpoint, credentialRevision: 2 });
  });

  it('has a SIP user that tells tenant and extension', () => {
    expect(sipUserOf('demo', '202')).toBe('demo_202');
  });
});
