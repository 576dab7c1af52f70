import { eventually } from '@troncal/testing';
import type { ServiceName } from '@troncal/contracts';
import { describe, expect, it, type TestContext } from 'vitest';
import { BusLab, log } from '../../test/bus-lab.js';
import { Bus } from '../connection/bus.js';
import { StreamProvisioner } from './provision-streams.js';
import { DEFAULT_LIMITS, type StreamLimits } from './streams.js';

/** A bus without streams, and a service that sees to its own; closed when the test is over. These mostly wait, so they run beside each other. */
class StreamLab {
  private constructor(readonly bus: BusLab) {}

  static async of({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<StreamLab> {
    const lab = await BusLab.open();
    onTestFinished(() => lab.close());
    for (const stream of await lab.manager.streams.names().next()) await lab.manager.streams.delete(stream);
    return new StreamLab(lab);
  }

  provide({ onTestFinished }: Pick<TestContext, 'onTestFinished'>, service: ServiceName, limits: Partial<StreamLimits> = {}): { readonly bus: Bus; readonly streams: StreamProvisioner; readonly isReady: () => boolean } {
    const bus = new Bus({ ...this.bus.nats.login(service), logger: log });
    const streams = new StreamProvisioner(bus, service, { ...DEFAULT_LIMITS, ...limits }, log);
    onTestFinished(async () => {
      await streams.stop();
      await bus.close();
    });
    streams.start();
    bus.start();
    return { bus, streams, isReady: () => streams.health().state === 'ready' };
  }
}

describe.concurrent('the streams of a service', () => {
  it('are made with what keeps events safe', async (test) => {
    const lab = await StreamLab.of(test);
    const service = lab.provide(test, 'ticketing');
    await eventually('they are ready', service.isReady);
    expect((await lab.bus.manager.streams.names().next()).toSorted()).toEqual(['DLQ', 'EVT_CALLS', 'EVT_TICKETS']);
    const { config } = await lab.bus.manager.streams.info('EVT_TICKETS');
    expect(config).toMatchObject({
      subjects: ['evt.*.tickets.>'],
      retention: 'limits',
      discard: 'new',
      storage: 'file',
      duplicate_window: 120e9,
      max_bytes: DEFAULT_LIMITS.maxBytes,
      max_age: 30 * 86_400e9,
    });
  });

  it('are changed where they differ by who writes to them, and left alone by who reads', async (test) => {
    const lab = await StreamLab.of(test);
    await lab.bus.manager.streams.add({ name: 'EVT_TICKETS', subjects: ['evt.*.tickets.>'], discard: 'old' });
    await lab.bus.manager.streams.add({ name: 'EVT_CALLS', subjects: ['evt.*.calls.>'], discard: 'old' });
    const service = lab.provide(test, 'ticketing', { maxBytes: 4_000_000 });
    await eventually('they are ready', service.isReady);
    expect((await lab.bus.manager.streams.info('EVT_TICKETS')).config).toMatchObject({ discard: 'new', max_bytes: 4_000_000 });
    expect((await lab.bus.manager.streams.info('EVT_CALLS')).config).toMatchObject({ discard: 'old', max_bytes: -1 });
  });

  it('that can not be changed in place are told with a remedy, and the service is not ready', async (test) => {
    const lab = await StreamLab.of(test);
    await lab.bus.manager.streams.add({ name: 'EVT_TICKETS', subjects: ['evt.*.tickets.>'], storage: 'memory' });
    const service = lab.provide(test, 'ticketing');
    const told = await eventually('it is told', () => /storage is memory, wanted file/.test(service.streams.health().reason ?? '') && service.streams.health().reason);
    expect(told).toContain('EVT_TICKETS');
  });

  it('are made again when the server lost them', async (test) => {
    const lab = await StreamLab.of(test);
    const service = lab.provide(test, 'ticketing');
    await eventually('they are ready', service.isReady);
    await lab.bus.manager.streams.delete('EVT_TICKETS');
    await lab.bus.nats.kill();
    await lab.bus.nats.restart();
    await eventually('it is there again', async () => (await lab.bus.manager.streams.info('EVT_TICKETS')).config.name === 'EVT_TICKETS', 20_000);
    expect(service.isReady()).toBe(true);
  });

  it('are made once by several replicas at once', async (test) => {
    const lab = await StreamLab.of(test);
    const all = [1, 2, 3, 4].map(() => lab.provide(test, 'ari-gateway'));
    await eventually('all are ready', () => all.every((each) => each.isReady()));
    expect(await lab.bus.manager.streams.names().next()).toContain('EVT_CALLS');
  });
});

describe.concurrent('a full stream', () => {
  it('refuses events instead of forgetting old ones', async (test) => {
    const lab = await StreamLab.of(test);
    const service = lab.provide(test, 'ticketing', { maxBytes: 1_000 });
    await eventually('they are ready', service.isReady);
    const publish = (): Promise<unknown> => lab.bus.manager.jetstream().publish('evt.demo.tickets.TicketOpened.v1', 'x'.repeat(400));
    await publish();
    await publish();
    await expect(publish()).rejects.toThrow(/maximum bytes exceeded/);
    expect((await lab.bus.manager.streams.info('EVT_TICKETS')).state.first_seq).toBe(1);
  });
});

describe.concurrent('a bus that starts before its server', () => {
  it('connects when it is there', async (test) => {
    const lab = await StreamLab.of(test);
    await lab.bus.nats.kill();
    const service = lab.provide(test, 'ticketing');
    expect(service.bus.connected).toBe(false);
    expect(() => service.bus.open()).toThrow(expect.objectContaining({ code: 'bus_away' }));
    await lab.bus.nats.restart();
    await eventually('it is connected', () => service.bus.connected, 20_000);
    await eventually('the streams are ready', service.isReady, 20_000);
  });
});
