import { describe, expect, it } from 'vitest';
import { kubernetesObjects } from './manifest-files.js';
import { flowsOf, isAllowed, NODE, placesOf, podIn, WORLD, type Place } from './network-flows.js';

describe.each(['dev', 'prod'] as const)('the network policies of k8s/overlays/%s', (overlay) => {
  const objects = kubernetesObjects(overlay);
  const flows = flowsOf(objects);
  const place = (name: string): Place => {
    const found = placesOf(objects).find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no pod of ${name}`);
    return found;
  };

  it.each(flows.map((flow) => [`${flow.from.name} → ${flow.to.name}:${flow.port}`, flow] as const))('let %s through', (_, flow) => {
    expect(isAllowed(flow, objects)).toBe(true);
  });

  it('were held against what there is: bus, database, media, provider, Ingress', () => {
    const told = new Set(flows.map(({ from, to, port }) => `${from.name} ${to.name} ${port}`));
    const cluster = overlay === 'prod' ? ['nats nats 6222'] : [];
    for (const known of [...cluster, 'ticketing nats 4222', 'edge postgres 5432', 'edge realtime-voice 9092', 'edge realtime-voice 9093', 'edge nats 4222', 'realtime-voice the world 443', 'provisioning the world 443', 'a pod of ingress provisioning 8080', 'database-setup postgres 5432']) expect(told).toContain(known);
  });

  it('let every pod ask for names, and Prometheus for metrics', () => {
    const silent = placesOf(objects).filter(({ name, address }) => address === undefined && !isAllowed({ from: place(name), to: podIn('kube-system'), port: 53 }, objects));
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(isAllowed({ from: podIn('monitoring'), to: place('ticketing'), port: 8080 }, objects)).toBe(true);
  });

  it.each([
    ['the world reaches no bus', WORLD, 'nats', 4222],
    ['nobody reaches the monitor of the bus, which asks for no password', podIn('monitoring'), 'nats', 8222],
    ['a service reaches no media', 'ticketing', 'realtime-voice', 9092],
    ['a service reaches no AudioSocket', 'ticketing', 'realtime-voice', 9093],
    ['a service reaches no other service', 'ticketing', 'provisioning', 8080],
    ['a stranger in the cluster reaches no service', podIn('default'), 'provisioning', 8080],
    ['a stranger in the cluster reaches no bus', podIn('default'), 'nats', 4222],
    ['a service reaches nobody outside', 'ticketing', WORLD, 443],
    ['the voice reaches no node', 'realtime-voice', NODE, 443],
    ['provisioning reaches no node', 'provisioning', NODE, 443],
    ['the bus reaches nobody', 'nats', WORLD, 443],
  ] as const)('%s', (_, from, to, port) => {
    const at = (who: string | Place): Place => (typeof who === 'string' ? place(who) : who);
    expect(isAllowed({ from: at(from), to: at(to), port }, objects)).toBe(false);
  });
});
