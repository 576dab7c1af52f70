import { EDGE_LEASES } from '@troncal/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { newId } from '@troncal/kernel';
import { createLogger } from '@troncal/observability';
import { eventually, startNats, startSilentProxy, type NatsServer, type SilentProxy } from '@troncal/testing';
import { describe, expect, it, type TestContext } from 'vitest';
import { Bus } from '../connection/bus.js';
import { LeaseBoard } from './lease-board.js';
import { LeaseContender, type ContenderOptions } from './lease-contender.js';

const log = createLogger({ service: 'spec', level: 'silent' });
const KEY = 'edge-1';
/** No contender of these takes a lease because it stood still. */
const FOR_EVER = 3_600_000;
/** Shorter than in life, longer than a renewal takes here. */
const SHORT = 2_000;

interface Replica {
  readonly board: LeaseBoard;
  readonly contender: LeaseContender;
  readonly told: string[];
}

/** A bus of its own, with replicas that contend for the lease on it: these wait far more than they work, so they run beside each other. */
class LeaseLab {
  private readonly closers: (() => Promise<unknown>)[] = [];

  private constructor(readonly nats: NatsServer) {}

  /** Closed when the test is over. */
  static async of({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<LeaseLab> {
    const lab = new LeaseLab(await startNats());
    onTestFinished(() => lab.close());
    return lab;
  }

  contend(holder: string, options: Partial<ContenderOptions> & { readonly url?: string } = {}): Replica {
    const { url, ...rest } = options;
    const bus = new Bus({ ...this.nats.login('ari-gateway'), ...(url === undefined ? {} : { url }), logger: log });
    bus.start();
    const board = new LeaseBoard(bus, EDGE_LEASES, 1, log);
    const told: string[] = [];
    const contender = new LeaseContender({
      board, key: KEY, holder, process: newId(), url: `http://${holder}`, floor: () => Promise.resolve(0), usable: () => Promise.resolve(true), lifeMs: FOR_EVER, logger: log,
      taken: (epoch) => told.push(`taken ${epoch}`), lost: () => told.push('lost'), ...rest,
    });
    contender.start();
    this.closers.push(async () => {
      await contender.release();
      await bus.close();
    });
    return { board, contender, told };
  }

  /** A replica whose way to NATS can fall silent. */
  async contendFar(holder: string, options: Partial<ContenderOptions> = {}): Promise<Replica & { readonly proxy: SilentProxy }> {
    const proxy = await startSilentProxy({ host: '127.0.0.1', port: this.nats.port });
    this.closers.push(() => proxy.close());
    return { ...this.contend(holder, { ...options, url: `nats://127.0.0.1:${proxy.port}` }), proxy };
  }

  /** What is left of a server that lost its files. */
  async forget(): Promise<void> {
    const admin = await connect({ servers: this.nats.url, user: 'admin', pass: 'admin' });
    await (await jetstreamManager(admin)).streams.delete(`KV_${EDGE_LEASES}`);
    await admin.close();
  }

  private async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    await this.nats.stop();
  }
}

const holds = (replica: Replica, epoch: number): Promise<unknown> => eventually(`it holds epoch ${epoch}`, () => replica.contender.epoch === epoch, 15_000);
const renewals = async ({ board }: Replica, count: number): Promise<void> => {
  const first = (await board.read(KEY))?.revision ?? 0;
  await eventually(`${count} renewals`, async () => ((await board.read(KEY))?.revision ?? 0) >= first + count, 15_000);
};

describe.concurrent('a lease', () => {
  it('that nobody ever had is taken at once, and by one of many', async (test) => {
    const lab = await LeaseLab.of(test);
    const all = Array.from({ length: 8 }, (_, index) => lab.contend(`replica-${index}`));
    const holder = await eventually('one holds it', () => all.find(({ contender }) => contender.epoch === 1));
    await renewals(holder, 2);
    expect(all.flatMap(({ told }) => told)).toEqual(['taken 1']);
    await eventually('all know who', () => all.every(({ contender }) => contender.last?.url === holder.contender.last?.url));
  });

  it('given up in order is taken without waiting for its death', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = lab.contend('a');
    await holds(first, 1);
    const second = lab.contend('b');
    await renewals(first, 1);
    await first.contender.release();
    await holds(second, 2);
    expect([first.told, second.told]).toEqual([['taken 1'], ['taken 2']]);
  });

  it('of a holder that fell silent is taken when it has stood still, and the old one learns of it', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = await lab.contendFar('a');
    await holds(first, 1);
    const second = lab.contend('b', { lifeMs: SHORT });
    await renewals(first, 2);
    expect(second.told).toEqual([]);
    first.proxy.silence();
    await holds(second, 2);
    expect(first.contender.epoch).toBe(1);
    first.proxy.speak();
    await eventually('the old one knows', () => first.told.includes('lost'), 20_000);
    await renewals(second, 2);
    expect([first.told, second.told]).toEqual([['taken 1', 'lost'], ['taken 2']]);
  });

  it('of an earlier process of the same replica is taken at once, and once only', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = await lab.contendFar('a');
    await holds(first, 1);
    first.proxy.silence();
    const second = lab.contend('a');
    await holds(second, 2);
    // Both live, by a mistake of whoever named them: they do not take turns.
    first.proxy.speak();
    await eventually('the first knows', () => first.told.includes('lost'), 20_000);
    await renewals(second, 3);
    expect([first.told, second.told]).toEqual([['taken 1', 'lost'], ['taken 2']]);
  });

  it('that is offered goes to whoever has use for it', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = lab.contend('a');
    await holds(first, 1);
    const useless = lab.contend('b', { usable: () => Promise.resolve(false) });
    first.contender.offer(true);
    await eventually('it is offered', async () => (await first.board.read(KEY))?.lease.state === 'offered');
    await renewals(first, 2);
    expect(useless.told).toEqual([]);
    const second = lab.contend('c');
    await holds(second, 2);
    await eventually('the first knows', () => first.told.includes('lost'));
    await renewals(second, 1);
    expect((await second.board.read(KEY))?.lease).toMatchObject({ holder: 'c', state: 'held' });
  });

  it('is not offered any more once it is of use again', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = lab.contend('a');
    await holds(first, 1);
    first.contender.offer(true);
    await eventually('it is offered', async () => (await first.board.read(KEY))?.lease.state === 'offered');
    first.contender.offer(false);
    await eventually('it is not', async () => (await first.board.read(KEY))?.lease.state === 'held');
    expect(first.told).toEqual(['taken 1']);
  });

  it('yielded by its holder, who was overtaken elsewhere, is taken anew with an epoch above the highest known', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = lab.contend('a', { lifeMs: SHORT, floor: () => Promise.resolve(first.told.length === 0 ? 0 : 41) });
    await holds(first, 1);
    first.contender.yield('the database knows a newer epoch');
    await holds(first, 42);
    expect(first.told).toEqual(['taken 1', 'lost', 'taken 42']);
  });
});

describe.concurrent('the bus of a lease', () => {
  it('going away leaves the lease where it was, and so does its return', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = lab.contend('a', { lifeMs: SHORT });
    await holds(first, 1);
    const second = lab.contend('b', { lifeMs: SHORT });
    await renewals(first, 1);
    await lab.nats.kill();
    await lab.nats.restart();
    await eventually('it answers', () => first.board.read(KEY).then(Boolean).catch(() => false), 20_000);
    await renewals(first, 4);
    expect([first.told, second.told]).toEqual([['taken 1'], []]);
  });

  it('losing its memory leaves it where it was too', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = lab.contend('a', { lifeMs: SHORT, floor: () => Promise.resolve(1) });
    await holds(first, 2);
    const second = lab.contend('b', { lifeMs: SHORT, floor: () => Promise.resolve(2) });
    await renewals(first, 1);
    await lab.forget();
    await eventually('it is written again', () => first.board.read(KEY).then(Boolean).catch(() => false), 20_000);
    await renewals(first, 3);
    expect([first.told, second.told]).toEqual([['taken 2'], []]);
    expect((await first.board.read(KEY))?.lease).toMatchObject({ holder: 'a', epoch: 2 });
  });

  it('losing its memory together with the holder, a new one takes an epoch above what is known elsewhere', async (test) => {
    const lab = await LeaseLab.of(test);
    const first = await lab.contendFar('a', { lifeMs: SHORT, floor: () => Promise.resolve(6) });
    await holds(first, 7);
    first.proxy.silence();
    await lab.forget();
    const second = lab.contend('b', { lifeMs: SHORT, floor: () => Promise.resolve(7) });
    await holds(second, 8);
    first.proxy.speak();
    await eventually('the old one knows', () => first.told.includes('lost'), 20_000);
    await renewals(second, 2);
    expect([first.told, second.told]).toEqual([['taken 7', 'lost'], ['taken 8']]);
  });

  it('is asked for nothing while what must be known first is not', async (test) => {
    const lab = await LeaseLab.of(test);
    let away = true;
    const first = lab.contend('a', { floor: () => (away ? Promise.reject(new Error('the database is away')) : Promise.resolve(3)), lifeMs: SHORT });
    await eventually('the bucket is there', () => first.board.read(KEY).then(() => true).catch(() => false));
    expect(first.contender.epoch).toBeUndefined();
    away = false;
    await holds(first, 4);
  });
});
