import { z } from 'zod';
import { environmentOf, podOf, type KubernetesObject } from './manifest-files.js';

/** Somebody on the network: a pod by its labels, or an address outside of every pod (a node, and so the edge; the world). */
export interface Place {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly address?: string;
}

export interface Flow {
  readonly from: Place;
  readonly to: Place;
  readonly port: number;
}

/** Addresses that stand for whoever has them. */
export const NODE: Place = { name: 'an edge’s node', address: '10.9.8.7' };
export const WORLD: Place = { name: 'the world', address: '203.0.113.7' };
/** A pod of another namespace, such as the Ingress' controller. */
export const podIn = (namespace: string): Place => ({ name: `a pod of ${namespace}`, namespace, labels: {} });

const matchLabels = z.strictObject({ matchLabels: z.record(z.string(), z.string()).default({}) });
const peer = z.strictObject({ podSelector: matchLabels.optional(), namespaceSelector: matchLabels.optional(), ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional() });
const ports = z.array(z.strictObject({ port: z.number(), protocol: z.enum(['TCP', 'UDP']).default('TCP') })).optional();
const policy = z.strictObject({
  podSelector: matchLabels,
  policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
  ingress: z.array(z.strictObject({ from: z.array(peer).optional(), ports })).default([]),
  egress: z.array(z.strictObject({ to: z.array(peer).optional(), ports })).default([]),
});

type Peer = z.output<typeof peer>;

/** Every pod of the objects as a place; those on their node's network are the node. */
export function placesOf(objects: readonly KubernetesObject[]): (Place & { readonly object: KubernetesObject })[] {
  return objects.flatMap((object) => {
    const found = podOf(object);
    if (!found) return [];
    const { name, namespace = '' } = object.metadata;
    return [found.pod.hostNetwork ? { ...NODE, name, object } : { name, namespace, labels: found.labels, object }];
  });
}

/** Who speaks to whom, read off the settings: each address that a container is given, and the database that its secret names. */
export function flowsOf(objects: readonly KubernetesObject[]): Flow[] {
  const places = placesOf(objects);
  const serviceNamed = (host: string): Place => {
    const [name = '', namespace = 'troncal'] = host.split('.');
    // The overlay prod leaves PostgreSQL to an operator, which is told to give its pods this label.
    return places.find((place) => place.name === name) ?? { name, namespace, labels: { 'app.kubernetes.io/name': name } };
  };
  return places.flatMap((from) => {
    const pod = podOf(from.object)?.pod;
    return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].flatMap((container) => {
      const env = environmentOf(container, from.object, objects);
      const urls = ['NATS_URL', 'MEDIA_URL', 'AUDIOSOCKET_ADDRESS', 'OPENAI_REALTIME_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'].flatMap((name) => env[name] ?? []);
      const named = urls.map((text) => new URL(text.includes('://') ? text : `tcp://${text}`)).map(({ hostname, port, protocol }): Flow => {
        const isInside = hostname.endsWith('.svc');
        return { from, to: isInside ? serviceNamed(hostname) : WORLD, port: port === '' ? (protocol.endsWith('s:') ? 443 : 80) : Number(port) };
      });
      const cluster = (env['NATS_CLUSTER_HOSTS'] ?? '').split(',').filter((host) => host !== '').map((): Flow => ({ from, to: from, port: 6222 }));
      // Twilio's addresses, and those of makers' clouds and of tenants' webhooks, are no settings.
      const providers = 'TWILIO_ACCOUNT_SID' in env ? [{ from, to: WORLD, port: 443 }] : [];
      const usesDatabase = 'DATABASE_URL_FILE' in env || 'POSTGRES_HOST' in env;
      const outside = container.ports.filter(({ name }) => name === 'http' && from.namespace === 'troncal').map(({ containerPort }): Flow => ({ from: podIn('ingress'), to: from, port: containerPort }));
      return [...named, ...providers, ...cluster, ...outside, ...(usesDatabase ? [{ from, to: serviceNamed('postgres.troncal.svc'), port: 5432 }] : [])];
    });
  });
}

/** Whether the policies let a connection (TCP, or DNS at 53) through: what isolates its source must let it out, what isolates its target must let it in. */
export function isAllowed(flow: Flow, objects: readonly KubernetesObject[]): boolean {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ metadata, spec }) => ({ namespace: metadata.namespace ?? '', ...policy.parse(spec) }));
  const selecting = (place: Place, type: 'Ingress' | 'Egress'): typeof policies =>
    place.address === undefined ? policies.filter(({ namespace, podSelector, policyTypes }) => namespace === place.namespace && policyTypes.includes(type) && fits(podSelector, place)) : [];
  const out = selecting(flow.from, 'Egress');
  const into = selecting(flow.to, 'Ingress');
  const opens = (namespace: string, peers: readonly Peer[] | undefined, allowed: z.output<typeof ports>, other: Place): boolean =>
    (allowed?.some(({ port }) => port === flow.port) ?? true) && (peers?.some((candidate) => isPeer(candidate, namespace, other)) ?? true);
  const leaves = out.length === 0 || out.some(({ namespace, egress }) => egress.some((rule) => opens(namespace, rule.to, rule.ports, flow.to)));
  const enters = into.length === 0 || into.some(({ namespace, ingress }) => ingress.some((rule) => opens(namespace, rule.from, rule.ports, flow.from)));
  return leaves && enters;
}

const fits = ({ matchLabels: wanted }: z.output<typeof matchLabels>, { labels = {} }: Place): boolean => Object.entries(wanted).every(([name, value]) => labels[name] === value);

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, namespace: string, place: Place): boolean {
  if (ipBlock) return place.address !== undefined && isIn(place.address, ipBlock.cidr) && !ipBlock.except.some((cidr) => isIn(place.address ?? '', cidr));
  if (place.address !== undefined) return false;
  const inNamespace = namespaceSelector ? fits(namespaceSelector, { name: '', labels: { 'kubernetes.io/metadata.name': place.namespace ?? '' } }) : place.namespace === namespace;
  return inNamespace && (podSelector === undefined || fits(podSelector, place));
}

function isIn(address: string, cidr: string): boolean {
  const [network = '', bits = '32'] = cidr.split('/');
  const number = (text: string): number => text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(network) / size);
}
