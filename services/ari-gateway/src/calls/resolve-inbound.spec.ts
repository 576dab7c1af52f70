import { routeSchema } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { resolveInbound, type Arrival } from './resolve-inbound.js';

const route = routeSchema.parse({ name: 'Main', extension: '100', start: 'a', nodes: { a: { kind: 'hangup' } } });
const endpoint = (extension: string, enabled = true) => ({ kind: 'endpoint', facts: { tenant: 'demo', extension, sipUser: `demo_${extension}`, displayName: extension, role: 'office', queues: [], enabled, revision: 1, credentialRevision: 1 } }) as const;

function directory(suspended = false): TenantDirectory {
  const made = new TenantDirectory();
  made.apply({ kind: 'tenant', facts: { tenant: 'demo', name: 'Demo', country: 'CL', language: 'es', timeZone: 'America/Santiago', suspended, revision: 1 } });
  made.apply({ kind: 'tenant', facts: { tenant: 'other', name: 'Other', country: 'CL', language: 'es', timeZone: 'America/Santiago', suspended: false, revision: 1 } });
  made.apply({ kind: 'route', facts: { tenant: 'demo', code: 'main', route, revision: 3 } });
  made.apply({ kind: 'number', facts: { number: '+56225550100', tenant: 'demo', route: 'main', revision: 1 } });
  for (const each of [endpoint('201'), endpoint('202'), endpoint('203', false)]) made.apply(each);
  made.setTrunks([{ name: 'carrier', tenant: 'demo', host: '192.0.2.1', port: 5060, username: null, match: [], countries: ['CL'], callerId: '+56225550100', revision: 1 }]);
  return made;
}

const phone = (dialled: string, more: Partial<Arrival> = {}): Arrival => ({ kind: 'internal', dialled, tenant: 'demo', endpoint: 'demo_202', callerNumber: '999', ...more });
const trunk = (dialled: string, more: Partial<Arrival> = {}): Arrival => ({ kind: 'trunk', dialled, tenant: 'demo', endpoint: 'carrier', callerNumber: '+56 9 8765 4321', ...more });

describe('a phone', () => {
  it('reaches a route by its extension, and is known by what it authenticated as', () => {
    expect(resolveInbound(phone('100'), directory())).toMatchObject({ accepted: true, direction: 'internal', from: '202', routeRef: { code: 'main', revision: 3 } });
  });

  it('reaches another phone', () => {
    expect(resolveInbound(phone('201'), directory())).toMatchObject({ accepted: true, route: { nodes: { target: { kind: 'ring', extensions: ['201'] } } } });
  });

  it('reaches the tenant’s own number inside the house', () => {
    expect(resolveInbound(phone('+56225550100'), directory())).toMatchObject({ accepted: true, direction: 'internal', routeRef: { code: 'main' } });
  });

  it('calls out through the trunk that the guard chose, and the decision comes with it', () => {
    expect(resolveInbound(phone('+56223456789'), directory())).toMatchObject({ accepted: true, direction: 'outbound', dials: { '56223456789': { kind: 'trunk', trunk: 'carrier', number: '+56223456789' } }, decision: { allowed: true } });
  });

  it('reaches an emergency number although its tenant is suspended', () => {
    expect(resolveInbound(phone('133'), directory(true))).toMatchObject({ accepted: true, dials: { '133': { kind: 'trunk', number: '133' } } });
  });

  it.each([
    ['299', 'no_such_endpoint', 1],
    ['203', 'no_such_endpoint', 1],
    ['+12125552368', 'not_allowed', 21],
    ['+56000', 'invalid_number', 28],
  ])('is refused %s: %s, cause %i', (dialled, reason, cause) => {
    expect(resolveInbound(phone(dialled), directory())).toMatchObject({ accepted: false, reason, cause, detail: expect.stringMatching(/: /) });
  });

  it('of a suspended tenant is refused', () => {
    expect(resolveInbound(phone('100'), directory(true))).toMatchObject({ accepted: false, reason: 'tenant_suspended', cause: 21 });
  });
});

describe('a trunk', () => {
  it.each(['56225550100', '+56225550100', '225550100'])('leads %s to the route of the number', (dialled) => {
    expect(resolveInbound(trunk(dialled), directory())).toMatchObject({ accepted: true, direction: 'inbound', from: '+56987654321', routeRef: { code: 'main' } });
  });

  it('leads a line without numbers to extension 100', () => {
    expect(resolveInbound(trunk('s'), directory())).toMatchObject({ accepted: true, routeRef: { code: 'main' } });
  });

  it('is refused a number that nobody has, or that another tenant has', () => {
    expect(resolveInbound(trunk('+56229999999'), directory())).toMatchObject({ accepted: false, tenant: '_', reason: 'unknown_number', cause: 1 });
    expect(resolveInbound(trunk('+56225550100', { tenant: 'other' }), directory())).toMatchObject({ accepted: false, reason: 'unknown_number' });
  });

  it('does not let a caller’s number pass for anything else', () => {
    expect(resolveInbound(trunk('+56225550100', { callerNumber: '"x" <sip:201@evil>;y' }), directory())).toMatchObject({ from: '201' });
  });
});
