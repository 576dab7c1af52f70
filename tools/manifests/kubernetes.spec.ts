import { API_SEGMENTS, SERVICE_NAMES } from '@troncal/contracts';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Namespace, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { programOf, settingFaults } from './known-settings.js';
import { ingressPaths, kubernetesObjects, podOf, type Container, type KubernetesObject } from './manifest-files.js';

const MODELS: Readonly<Record<string, new (data: never) => { validate(): void }>> = { Deployment, StatefulSet, Job, Ingress, NetworkPolicy, PodDisruptionBudget, Namespace, Service };
const objects = kubernetesObjects('base', 'overlays/dev', 'overlays/prod');
const pods = objects.flatMap((object) => {
  const pod = podOf(object);
  return pod ? [{ object, pod }] : [];
});
const containers = pods.flatMap(({ object, pod }) => [...pod.initContainers, ...pod.containers].map((container): [string, Container] => [`${object.metadata.name}/${container.name}`, container]));
const named = (kind: string): string[] => objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);

function validate(object: KubernetesObject): void {
  const model = MODELS[object.kind];
  if (!model) throw new Error(`no schema for ${object.kind}`);
  new model(object as never).validate();
}

describe('k8s/', () => {
  it.each(objects.map((object) => [`${object.kind} ${object.metadata.namespace ?? ''} ${object.metadata.name}`, object] as const))('%s is what its schema allows', (_, object) => {
    expect(() => validate(object)).not.toThrow();
    expect(() => validate({ ...object, metadata: { ...object.metadata, labels: 'none' } })).toThrow(/labels/);
  });

  it('runs every service of the contract, the gateway beside its Asterisk', () => {
    const programs = containers.map(([, { image, args }]) => programOf(image, args));
    expect(programs).toEqual(expect.arrayContaining([...SERVICE_NAMES, 'edge', 'setup']));
    for (const service of SERVICE_NAMES) {
      expect(named('Service')).toContain(service);
      expect(named('PodDisruptionBudget')).toContain(service === 'ari-gateway' ? 'edge' : service);
    }
  });

  it.each(containers.filter(([, { image, args }]) => programOf(image, args) !== null))('gives %s the settings it knows and all that it needs', (_, { image, args, env }) => {
    const given = Object.fromEntries(env.map(({ name, value }) => [name, value]));
    expect(settingFaults(programOf(image, args) ?? '', given)).toEqual([]);
  });

  it.each(pods.map(({ object, pod }) => [object.metadata.name, object, pod] as const))('%s runs without rights, with limits, and with its secrets mounted', (name, object, pod) => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    const keys = pod.volumes.flatMap(({ secret }) => secret?.items.map(({ key }) => key) ?? []);
    for (const container of [...pod.initContainers, ...pod.containers]) {
      expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
      expect(container.resources).toMatchObject({ requests: { cpu: expect.anything() as unknown, memory: expect.anything() as unknown }, limits: { memory: expect.anything() as unknown } });
      for (const { value } of container.env) for (const [, key] of (value ?? '').matchAll(/^\/run\/secrets\/(.+)$/g)) expect({ name, keys }).toEqual({ name, keys: expect.arrayContaining([key]) as unknown });
    }
    // The node's network is for the edge alone.
    expect(pod.hostNetwork === true).toBe(object.metadata.namespace === 'troncal-edge');
  });

  it('asks every container that stays how it is', () => {
    const unasked = pods.filter(({ object }) => object.kind !== 'Job').flatMap(({ object, pod }) => pod.containers.filter(({ readinessProbe }) => readinessProbe === undefined).map(({ name }) => `${object.metadata.name}/${name}`));
    expect(unasked).toEqual([]);
    const services = pods.filter(({ object }) => object.kind === 'Deployment').flatMap(({ pod }) => pod.containers);
    for (const { startupProbe, livenessProbe } of services) expect([startupProbe, livenessProbe]).toEqual([expect.anything(), expect.anything()]);
  });

  it('lets a draining edge wait longer than its drain', () => {
    for (const { object, pod } of pods.filter(({ pod: { hostNetwork } }) => hostNetwork)) {
      const drain = Number(pod.containers.find(({ name }) => name === 'asterisk')?.env.find(({ name: given }) => given === 'DRAIN_SECONDS')?.value);
      expect({ name: object.metadata.name, enough: Number(pod['terminationGracePeriodSeconds']) >= drain + 30 }).toEqual({ name: object.metadata.name, enough: true });
    }
  });

  it('routes what API_SEGMENTS says, each from the namespace of its service', () => {
    const ingresses = objects.filter(({ kind }) => kind === 'Ingress');
    const rules = Object.fromEntries(ingresses.flatMap(ingressPaths));
    expect(rules).toEqual(Object.fromEntries(Object.entries(API_SEGMENTS).map(([segment, service]) => [`/api/${segment}`, service])));
    for (const ingress of ingresses) {
      for (const [, service] of ingressPaths(ingress)) {
        expect(objects.some(({ kind, metadata }) => kind === 'Service' && metadata.name === service && metadata.namespace === ingress.metadata.namespace)).toBe(true);
      }
    }
  });

  it('names images as compose does, and listens where it says', () => {
    for (const [name, { image, env, ports }] of containers) {
      expect(`${name}: ${image}`).toMatch(/: (troncal\/(services|edge|edge-dahdi):dev|(postgres|nats):[\w.-]+)$/);
      for (const [variable, portName] of [['HTTP_PORT', 'http'], ['MEDIA_PORT', 'media'], ['SIP_PORT', 'sip-udp']] as const) {
        const value = env.find(({ name: given }) => given === variable)?.value;
        const port = ports.find((candidate) => candidate.name === portName)?.containerPort;
        expect({ name, port: value === undefined ? undefined : port }).toEqual({ name, port: value === undefined ? undefined : Number(value) });
      }
    }
  });
});
