import { describe, expect, it } from 'vitest';
import { Turnstile } from './turnstile.js';

/** Works that go on until they are let go. */
class Workshop {
  readonly atWork: string[] = [];
  private readonly doors = new Map<string, () => void>();
  private readonly turnstile: Turnstile;

  constructor(limit: number) {
    this.turnstile = new Turnstile(limit);
  }

  async bring(who: string, ...names: readonly string[]): Promise<void> {
    for (const name of names) {
      void this.turnstile.pass(who, async () => {
        this.atWork.push(name);
        await new Promise<void>((resolve) => this.doors.set(name, resolve));
        this.atWork.splice(this.atWork.indexOf(name), 1);
      });
    }
    await this.calm();
  }

  async end(name: string): Promise<void> {
    this.doors.get(name)?.();
    await this.calm();
  }

  private async calm(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the turnstile', () => {
  it('leaves places for others however much one brings', async () => {
    const shop = new Workshop(8);
    await shop.bring('slow', 's1', 's2', 's3', 's4', 's5', 's6', 's7', 's8', 's9');
    expect(shop.atWork).toEqual(['s1', 's2', 's3', 's4']);
    await shop.bring('quick', 'q1', 'q2');
    expect(shop.atWork).toEqual(['s1', 's2', 's3', 's4', 'q1', 'q2']);
    await shop.bring('third', 't1', 't2');
    expect(shop.atWork).toEqual(['s1', 's2', 's3', 's4', 'q1', 'q2', 't1']);
  });

  it('gives a free place to who waits longest among those that may have it', async () => {
    const shop = new Workshop(2);
    await shop.bring('slow', 's1', 's2', 's3');
    await shop.bring('quick', 'q1', 'q2');
    expect(shop.atWork).toEqual(['s1', 'q1']);
    await shop.end('q1');
    expect(shop.atWork).toEqual(['s1', 'q2']);
    await shop.end('s1');
    expect(shop.atWork).toEqual(['q2', 's2']);
    await shop.end('q2');
    await shop.end('s2');
    expect(shop.atWork).toEqual(['s3']);
  });

  it('lets one at a time through a single place, in the order of their coming', async () => {
    const shop = new Workshop(1);
    await shop.bring('a', 'a1', 'a2');
    await shop.bring('b', 'b1');
    const order = [...shop.atWork];
    for (const next of ['a1', 'a2', 'b1']) {
      await shop.end(next);
      order.push(...shop.atWork);
    }
    expect(order).toEqual(['a1', 'a2', 'b1']);
  });
});
