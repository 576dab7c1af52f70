import type { PutEdge } from '@troncal/contracts';
import { expect, it } from 'vitest';
import type { CallRegistry } from '../calls/call-registry.js';
import type { EdgeDesk } from './edge-desk.js';
import type { EdgeRepository, EdgeRow } from './edge.repository.js';
import type { EdgeSessions } from './edge-sessions.js';
import { EdgesController } from './edges.controller.js';

const ROW: EdgeRow = { edgeId: 'edge-1', state: 'connected', reason: null, version: '22', changedAt: new Date(0), epoch: 1, holder: 'gateway-1', url: 'http://10.0.0.7:8080' };
const edges = { list: () => Promise.resolve([ROW]), liveCalls: () => Promise.resolve(new Map()) } as unknown as EdgeRepository;
const controller = new EdgesController(edges, { of: () => undefined } as unknown as EdgeSessions, { live: () => [] } as unknown as CallRegistry, {} as EdgeDesk);
const path = { id: 'edge-2' };
const key = (tenant: string, ...scopes: string[]): { keyId: string; tenant: string; scopes: string[] } => ({ keyId: 'key', tenant, scopes });

it('are declared, shown, rotated and removed by a key of the platform that has their scope, and by no other', async () => {
  const asks = [(caller: ReturnType<typeof key>) => controller.put(path, {} as PutEdge, caller), ...(['show', 'rotate', 'remove'] as const).map((verb) => (caller: ReturnType<typeof key>) => controller[verb](path, caller))];
  for (const ask of asks) {
    await expect(ask(key('demo', '*'))).rejects.toMatchObject({ code: 'wrong_tenant', status: 403 });
    await expect(ask(key('*', 'calls:read', 'calls:write'))).rejects.toMatchObject({ code: 'missing_scope', status: 403 });
  }
});

it('are listed for everybody, where their gateways are for the platform alone', async () => {
  expect((await controller.list(key('*', 'calls:read'))).edges[0]).toMatchObject({ edgeId: 'edge-1', state: 'connected', holder: 'gateway-1', url: ROW.url });
  expect((await controller.list(key('demo', '*'))).edges[0]).toMatchObject({ edgeId: 'edge-1', state: 'connected', holder: null, url: null });
});
