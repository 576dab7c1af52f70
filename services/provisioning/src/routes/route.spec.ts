import { routeSchema } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { changeRoute } from './route.js';

const route = routeSchema.parse({ name: 'Main', start: 'bye', nodes: { bye: { kind: 'hangup', prompt: { say: { es: 'Adiós', en: 'Bye' } } } } });

describe('declaring a route', () => {
  const current = { tenant: 'demo', code: 'main', route, revision: 3 };

  it('changes nothing when it says the same', () => {
    expect(changeRoute(current, { ...structuredClone(route), extension: undefined })).toBeUndefined();
  });

  it('makes the next revision when it says something else, deep inside too', () => {
    const other = structuredClone(route);
    Object.assign(other.nodes['bye'] ?? {}, { cause: 'busy' });
    expect(changeRoute(current, other)).toEqual({ ...current, route: other, revision: 4 });
  });
});
