import { eventually } from '@troncal/testing';
import type { ServiceName } from '@troncal/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BusLab, log } from '../../test/bus-lab.js';
import { Bus } from '../connection/bus.js';
import { StreamProvisioner } from './provision-streams.js';
import { DEFAULT_LIMITS, type StreamLimits } from './streams.js';

let lab: BusLab;
let bus: Bus;
let streams: StreamProvisioner;

beforeEach(async () => {
  lab = await BusLab.open();
  for (const stream of await lab.manager.streams.names().next()) await lab.manager.streams.delete(stream);
});
afterEach(async () => {
  await streams?.stop();
  await bus?.close();
  await lab?.close();
});

function provide(service: ServiceName, limits: Partial<StreamLimits> = {}): StreamProvisioner {
  bus = new Bus({ ...lab.nats.login(service), logger: log });
  streams = new StreamProvisioner(bus, service, { ...DEFAULT_LIMITS, ...limits }, log);
  streams.start();
  bus.start();
  return streams;
}

const isReady = (): boolean => streams.health().state === 'ready';

describe('the streams of a service', () => {
  it('are made with what keeps events safe', async () => {
    provide('ticketing');
    await eventually('they are ready', isReady);
    expect((await lab.manager.streams.names().next()).toSorted()).toEqual(['DLQ', 'EVT_CALLS', 'EVT_TICKETS']);
    const { config } = await lab.manager.streams.info('EVT_TICKETS');
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

  it('are changed where they differ by who writes to them, and left alone by who reads', async () => {
    await lab.manager.streams.add({ name: 'EVT_TICKETS', subjects: ['evt.*.tickets.>'], discard: 'old' });
    await lab.manager.streams.add({ name: 'EVT_CALLS', subjects: ['evt.*.calls.>'], discard: 'old' });
    provide('ticketing', { maxBytes: 4_000_000 });
    await eventually('they are ready', isReady);
    expect((await lab.manager.streams.info('EVT_TICKETS')).config).toMatchObject({ discard: 'new', max_bytes: 4_000_000 });
    expect((await lab.manager.streams.info('EVT_CALLS')).config).toMatchObject({ discard: 'old', max_bytes: -1 });
  });

  it('that can not be changed in place are told with a remedy, and the service is not ready', async () => {
    await lab.manager.streams.add({ name: 'EVT_TICKETS', subjects: ['evt.*.tickets.>'], storage: 'memory' });
    provide('ticketing');
    const told = await eventually('it is told', () => /storage is memory, wanted file/.test(streams.health().reason ?? '') && streams.health().reason);
    expect(told).toContain('EVT_TICKETS');
  });

  it('are made again when the server lost them', async () => {
    provide('ticketing');
    await eventually('they are ready', isReady);
    await lab.manager.streams.delete('EVT_TICKETS');
    await lab.nats.kill();
    await lab.nats.restart();
    await eventually('it is there again', async () => (await lab.manager.streams.info('EVT_TICKETS')).config.name === 'EVT_TICKETS', 20_000);
    expect(isReady()).toBe(true);
  });

  it('are made once by several replicas at once', async () => {
    const others = [1, 2, 3].map(() => {
      const other = new Bus({ ...lab.nats.login('ari-gateway'), logger: log });
      const provisioner = new StreamProvisioner(other, 'ari-gateway', DEFAULT_LIMITS, log);
      provisioner.start();
      other.start();
      return { other, provisioner };
    });
    provide('ari-gateway');
    await eventually('all are ready', () => isReady() && others.every(({ provisioner }) => provisioner.health().state === 'ready'));
    for (const { other, provisioner } of others) {
      await provisioner.stop();
      await other.close();
    }
    expect(await lab.manager.streams.names().next()).toContain('EVT_CALLS');
  });
});

describe('a full stream', () => {
  it('refuses events instead of forgetting old ones', async () => {
    provide('ticketing', { maxBytes: 1_000 });
    await eventually('they are ready', isReady);
    const publish = (): Promise<unknown> => lab.manager.jetstream().publish('evt.demo.tickets.TicketOpened.v1', 'x'.repeat(400));
    await publish();
    await publish();
    await expect(publish()).rejects.toThrow(/maximum bytes exceeded/);
    expect((await lab.manager.streams.info('EVT_TICKETS')).state.first_seq).toBe(1);
  });
});

describe('a bus that starts before its server', () => {
  it('connects when it is there', async () => {
    await lab.nats.kill();
    provide('ticketing');
    expect(bus.connected).toBe(false);
    expect(() => bus.open()).toThrow(expect.objectContaining({ code: 'bus_away' }));
    await lab.nats.restart();
    await eventually('it is connected', () => bus.connected, 20_000);
    await eventually('the streams are ready', isReady, 20_000);
  });
});
