import { API_SEGMENTS, OPEN_SEGMENTS, SERVICE_NAMES, STREAM_PATHS } from '@troncal/contracts';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { programOf, settingFaults } from './known-settings.js';
import { environmentOf, ingressPaths, kubernetesObjects, podOf, type Container, type KubernetesObject } from './manifest-files.js';

const MODELS: Readonly<Record<string, new (data: never) => { validate(): void }>> = { ConfigMap, Deployment, StatefulSet, Job, Ingress, NetworkPolicy, PodDisruptionBudget, Namespace, Service };

function validate(object: KubernetesObject): void {
  const model = MODELS[object.kind];
  if (!model) throw new Error(`no schema for ${object.kind}`);
  new model(object as never).validate();
}

describe.each(['dev', 'prod'] as const)('k8s/overlays/%s', (overlay) => {
  const objects = kubernetesObjects(overlay);
  const pods = objects.flatMap((object) => {
    const found = podOf(object);
    return found ? [{ object, ...found }] : [];
  });
  const containers = pods.flatMap(({ object, pod }) => [...pod.initContainers, ...pod.containers].map((container): [string, Container, KubernetesObject] => [`${object.metadata.name}/${container.name}`, container, object]));
  const named = (kind: string): string[] => objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
  const edges = pods.filter(({ pod: { hostNetwork } }) => hostNetwork);

  it.each(objects.map((object) => [`${object.kind} ${object.metadata.namespace ?? ''} ${object.metadata.name}`, object] as const))('%s is what its schema allows', (_, object) => {
    expect(() => validate(object)).not.toThrow();
    expect(() => validate({ ...object, metadata: { ...object.metadata, labels: 'none' } })).toThrow(/labels/);
  });

  it('runs every service of the contract, two gateways beside each Asterisk', () => {
    const programs = containers.map(([, { image, args }]) => programOf(image, args));
    expect(programs).toEqual(expect.arrayContaining([...SERVICE_NAMES, 'edge', 'setup']));
    for (const service of SERVICE_NAMES) expect(named('Service')).toContain(service);
    expect(edges.length).toBeGreaterThan(0);
    for (const { object, pod } of edges) {
      const gateways = pod.containers.filter(({ image, args }) => programOf(image, args) === 'ari-gateway').map((container) => environmentOf(container, object, objects));
      expect(gateways).toHaveLength(2);
      // What two processes on one machine must not share, and what they must.
      for (const name of ['HTTP_PORT', 'REPLICA_ID', 'REPLICA_URL', 'JOURNAL_DIR']) expect({ name, different: new Set(gateways.map((env) => env[name])).size }).toEqual({ name, different: 2 });
      for (const env of gateways) expect(env).toMatchObject({ EDGES: env['EDGE_ID'], EDGE_ID: `${object.metadata.name}-0`, REPLICA_URL: `http://10.9.8.7:${env['HTTP_PORT']}` });
    }
  });

  it.each(containers.filter(([, { image, args }]) => programOf(image, args) !== null))('gives %s the settings it knows and all that it needs', (_, container, object) => {
    expect(settingFaults(programOf(container.image, container.args) ?? '', environmentOf(container, object, objects))).toEqual([]);
  });

  it.each(pods.map((found) => [found.object.metadata.name, found] as const))('%s runs without rights, with limits, and with its secrets mounted', (name, { object, pod }) => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod['automountServiceAccountToken']).toBe(false);
    const keys = pod.volumes.flatMap(({ secret }) => secret?.items.map(({ key }) => key) ?? []);
    for (const container of [...pod.initContainers, ...pod.containers]) {
      expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      expect(container.resources).toMatchObject({ requests: { cpu: expect.anything() as unknown, memory: expect.anything() as unknown }, limits: { memory: expect.anything() as unknown } });
      for (const { value } of container.env) for (const [, key] of (value ?? '').matchAll(/^\/run\/secrets\/(.+)$/g)) expect({ name, keys }).toEqual({ name, keys: expect.arrayContaining([key]) as unknown });
    }
    // Pod Security Standards, restricted; the edge differs in the node's network and its ports, and in nothing else.
    expect(pod.volumes.flatMap((volume) => Object.keys(volume)).filter((kind) => !['name', 'secret', 'emptyDir', 'configMap'].includes(kind))).toEqual([]);
    const isEdge = object.metadata.namespace === 'troncal-edge';
    expect(pod.hostNetwork === true).toBe(isEdge);
    expect(pod.containers.some(({ ports }) => ports.some(({ hostPort }) => hostPort !== undefined))).toBe(isEdge);
    for (const forbidden of ['hostPID', 'hostIPC', 'shareProcessNamespace']) expect(pod).not.toHaveProperty(forbidden);
    const level = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === object.metadata.namespace)?.metadata['labels'];
    expect(level).toMatchObject({ 'pod-security.kubernetes.io/enforce': isEdge ? 'privileged' : 'restricted' });
  });

  it('asks every container that stays whether it is ready and whether it lives, which are two questions', () => {
    for (const { object, pod } of pods.filter(({ object: { kind } }) => kind !== 'Job')) {
      for (const { name, startupProbe, livenessProbe, readinessProbe } of pod.containers) {
        const question = (probe: unknown): unknown => z.looseObject({ httpGet: z.unknown(), exec: z.unknown() }).partial().transform(({ httpGet, exec }) => httpGet ?? exec).parse(probe ?? {});
        const [ready, lives] = [question(readinessProbe), question(livenessProbe)];
        expect({ name: `${object.metadata.name}/${name}`, asked: ready !== undefined }).toEqual({ name: `${object.metadata.name}/${name}`, asked: true });
        // A database that a probe restarts in the middle of its recovery never recovers.
        if (name === 'postgres') continue;
        expect({ name, asked: lives !== undefined && startupProbe !== undefined }).toEqual({ name, asked: true });
        expect(ready).not.toEqual(lives);
      }
    }
  });

  it('lets nothing be killed while it drains', () => {
    for (const { object, pod } of edges) {
      const asterisk = pod.containers.find(({ name }) => name === 'asterisk');
      const drain = Number(asterisk?.env.find(({ name }) => name === 'DRAIN_SECONDS')?.value);
      expect(JSON.stringify(asterisk?.lifecycle)).toContain('"drain"');
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drain + 30);
      // A gateway outlives the last call, and no longer.
      const waits = pod.containers.filter((container) => container.name !== 'asterisk').map(({ lifecycle }) => Number(/(\d+)e3/.exec(JSON.stringify(lifecycle))?.[1]));
      expect({ edge: object.metadata.name, waits }).toEqual({ edge: object.metadata.name, waits: [drain, drain] });
    }
    const voice = pods.find(({ object: { metadata } }) => metadata.name === 'realtime-voice');
    const container = voice?.pod.containers[0];
    if (!voice || !container) throw new Error('no realtime-voice');
    // What ends after the drain takes up to 15 s.
    expect(voice.pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(environmentOf(container, voice.object, objects)['DRAIN_SECONDS']) + 15);
    expect(voice.replicas).toBeGreaterThan(1);
  });

  it('lets no eviction take the last of anything that holds calls, and none take an edge', () => {
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ metadata, spec }) => ({ namespace: metadata.namespace, ...z.object({ maxUnavailable: z.number(), selector: z.object({ matchLabels: z.record(z.string(), z.string()) }) }).parse(spec) }));
    for (const { object, labels, pod } of pods.filter(({ object: { kind, metadata } }) => kind !== 'Job' && metadata.name !== 'postgres')) {
      const found = budgets.filter(({ namespace, selector }) => namespace === object.metadata.namespace && Object.entries(selector.matchLabels).every(([name, value]) => labels[name] === value));
      expect({ name: object.metadata.name, budgets: found.map(({ maxUnavailable }) => maxUnavailable) }).toEqual({ name: object.metadata.name, budgets: [pod.hostNetwork ? 0 : 1] });
    }
  });

  it('routes what API_SEGMENTS, OPEN_SEGMENTS and STREAM_PATHS say, each from the namespace of its service', () => {
    const ingresses = objects.filter(({ kind }) => kind === 'Ingress');
    const rules = Object.fromEntries(ingresses.flatMap(ingressPaths));
    expect(rules).toEqual(Object.fromEntries([...Object.entries(API_SEGMENTS).map(([segment, service]) => [`/api/${segment}`, service]), ...Object.entries(OPEN_SEGMENTS).map(([segment, service]) => [`/${segment}`, service]), ...Object.entries(STREAM_PATHS)]));
    for (const ingress of ingresses) {
      for (const [, service] of ingressPaths(ingress)) {
        expect(objects.some(({ kind, metadata }) => kind === 'Service' && metadata.name === service && metadata.namespace === ingress.metadata.namespace)).toBe(true);
      }
    }
  });

  it('names images as compose does, and listens where it says', () => {
    for (const [name, container, object] of containers) {
      expect(`${name}: ${container.image}`).toMatch(overlay === 'dev' ? /: (troncal\/(services|edge):dev|(postgres|nats):[\w.-]+)$/ : /: (troncal\/(services|edge|edge-dahdi):\d+\.\d+\.\d+|nats:[\w.-]+)$/);
      const env = environmentOf(container, object, objects);
      for (const [variable, portName] of [['HTTP_PORT', /^http/], ['MEDIA_PORT', /^media/], ['AUDIOSOCKET_PORT', /^audiosocket/], ['SIP_PORT', /^sip-udp/]] as const) {
        const port = container.ports.find((candidate) => portName.test(candidate.name))?.containerPort;
        expect({ name, port: env[variable] === undefined ? undefined : port }).toEqual({ name, port: env[variable] === undefined ? undefined : Number(env[variable]) });
      }
    }
  });
});

describe('the edge with cards', () => {
  it('is the edge, but for its node, its device and its configuration', () => {
    const objects = kubernetesObjects('prod');
    const set = (name: string): KubernetesObject => {
      const found = objects.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name);
      if (!found) throw new Error(`no StatefulSet ${name}`);
      return found;
    };
    const plain = JSON.stringify(set('edge-dahdi'))
      .replaceAll('edge-dahdi', 'edge')
      .replace(',"squat.ai/dahdi":1', '')
      .replace('{"name":"dahdi","mountPath":"/etc/troncal/dahdi","readOnly":true},', '')
      .replace(',{"name":"dahdi","configMap":{"name":"dahdi"}}', '')
      .replace('"replicas":0', '"replicas":1');
    expect(JSON.parse(plain)).toEqual(set('edge'));
    expect(JSON.stringify(set('edge-dahdi'))).not.toBe(JSON.stringify(set('edge')));
  });
});
