import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from './adaptive-limit.js';

/** A server that takes so many at once and refuses the rest at once, as Twilio does. */
function server(takes: number) {
  let underWay = 0;
  const seen = { most: 0, refused: 0, served: 0 };
  const ask = async (): Promise<'served' | 'refused'> => {
    underWay += 1;
    seen.most = Math.max(seen.most, underWay);
    const refused = underWay > takes;
    if (!refused) for (let n = 0; n < 3; n += 1) await turn();
    underWay -= 1;
    seen[refused ? 'refused' : 'served'] += 1;
    return refused ? 'refused' : 'served';
  };
  return { seen, ask };
}

describe('an adaptive limit', () => {
  it('lets no more in at once than it allows, first come first served', async () => {
    const limit = new AdaptiveLimit({ start: 3, most: 3 });
    const { seen, ask } = server(100);
    const order: number[] = [];
    await Promise.all(Array.from({ length: 20 }, (_, number) => limit.run(async () => (order.push(number), ask()), () => false)));
    expect(seen).toEqual({ most: 3, refused: 0, served: 20 });
    expect(order).toEqual(Array.from({ length: 20 }, (_, number) => number));
  });

  it('finds what the server takes, and stays near it with few refusals', async () => {
    const limit = new AdaptiveLimit({ start: 10, most: 1_000 });
    const { seen, ask } = server(50);
    const one = async (): Promise<void> => {
      while ((await limit.run(ask, (outcome) => outcome === 'refused')) === 'refused') await turn();
    };
    await Promise.all(Array.from({ length: 20_000 }, one));
    expect(seen.served).toBe(20_000);
    expect(seen.refused / seen.served).toBeLessThan(0.005);
    expect(limit.allowed).toBeGreaterThanOrEqual(24);
    expect(limit.allowed).toBeLessThanOrEqual(51);
  });

  it('is halved once by many refusals of one moment, and never below one', async () => {
    const limit = new AdaptiveLimit({ start: 8, most: 8 });
    await Promise.all(Array.from({ length: 8 }, () => limit.run(async () => turn(), () => true)));
    expect(limit.allowed).toBe(4);
    for (let times = 0; times < 10; times += 1) await limit.run(async () => turn(), () => true);
    expect(limit.allowed).toBe(1);
  });

  it('gives the place of a request that failed to the next', async () => {
    const limit = new AdaptiveLimit({ start: 1, most: 1 });
    await expect(limit.run(() => Promise.reject(new Error('away')), () => false)).rejects.toThrow('away');
    expect(await limit.run(() => Promise.resolve('served'), () => false)).toBe('served');
  });
});
