import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { renderKustomization, type Manifest } from './kustomize.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const envEntry = z.looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.looseObject({ fieldRef: z.object({ fieldPath: z.string() }).optional() }).optional() });
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  env: z.array(envEntry).default([]),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).default([]),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number(), hostPort: z.number().optional() })).default([]),
  lifecycle: z.unknown().optional(),
  livenessProbe: z.unknown().optional(),
  readinessProbe: z.unknown().optional(),
  startupProbe: z.unknown().optional(),
  resources: z.looseObject({ requests: z.record(z.string(), z.unknown()), limits: z.record(z.string(), z.unknown()) }),
  securityContext: z.unknown().optional(),
});
const podSpec = z.looseObject({
  hostNetwork: z.boolean().optional(),
  terminationGracePeriodSeconds: z.number().default(30),
  securityContext: z.unknown().optional(),
  initContainers: z.array(container).default([]),
  containers: z.array(container),
  volumes: z.array(z.looseObject({ name: z.string(), secret: z.looseObject({ items: z.array(z.looseObject({ key: z.string() })) }).optional() })).default([]),
});
const labels = z.record(z.string(), z.string());
const backend = z.looseObject({ service: z.looseObject({ name: z.string() }) });
const ingressSpec = z.looseObject({ rules: z.array(z.looseObject({ http: z.looseObject({ paths: z.array(z.looseObject({ path: z.string(), backend })) }) })) });

export type KubernetesObject = Manifest;
export type Container = z.output<typeof container>;
export type PodSpec = z.output<typeof podSpec>;

/** What `kubectl apply -k k8s/overlays/<overlay>` would send. */
export function kubernetesObjects(overlay: 'dev' | 'prod'): KubernetesObject[] {
  return renderKustomization(join(ROOT, 'k8s/overlays', overlay));
}

/** The pod of a workload and its labels, null for what makes none. */
export function podOf({ kind, spec }: KubernetesObject): { readonly pod: PodSpec; readonly labels: Readonly<Record<string, string>>; readonly replicas: number } | null {
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind)) return null;
  const { template, replicas } = z.looseObject({ replicas: z.number().default(1), template: z.looseObject({ metadata: z.looseObject({ labels }), spec: podSpec }) }).parse(spec);
  return { pod: template.spec, labels: template.metadata.labels, replicas };
}

/** What the kubelet would tell of the first pod of a workload. */
const FIELDS = (workload: string): Readonly<Record<string, string>> => ({ 'metadata.name': `${workload}-0`, 'status.hostIP': '10.9.8.7' });

/**
 * A container's environment as its process would see it: shared settings, the pod's own facts, `$(NAME)` filled in. What is there only to be filled in
 * elsewhere is left out.
 */
export function environmentOf({ env, envFrom }: Container, workload: KubernetesObject, objects: readonly KubernetesObject[]): Record<string, string> {
  const shared = envFrom.flatMap(({ configMapRef: { name } }) => {
    const map = objects.find((object) => object.kind === 'ConfigMap' && object.metadata.name === name && object.metadata.namespace === workload.metadata.namespace);
    if (!map) throw new Error(`${workload.metadata.name} takes settings of the ConfigMap ${name}, which isn't there`);
    return Object.entries(z.record(z.string(), z.string()).parse(map['data']));
  });
  const facts = FIELDS(workload.metadata.name);
  const own = env.map(({ name, value, valueFrom }): [string, string] => [name, value ?? facts[valueFrom?.fieldRef?.fieldPath ?? ''] ?? '']);
  const given = Object.fromEntries([...shared, ...own]);
  const used = new Set<string>();
  const filled = Object.entries(given).map(([name, value]): [string, string] => [name, value.replaceAll(/\$\((\w+)\)/g, (whole: string, other: string) => (used.add(other), given[other] ?? whole))]);
  const isHelper = (name: string): boolean => used.has(name) && env.some((entry) => entry.name === name && entry.valueFrom !== undefined);
  return Object.fromEntries(filled.filter(([name]) => !isHelper(name)));
}

/** Path to service of every rule of an Ingress. */
export function ingressPaths({ spec }: KubernetesObject): [string, string][] {
  return ingressSpec.parse(spec).rules.flatMap(({ http }) => http.paths.map(({ path, backend: { service } }): [string, string] => [path, service.name]));
}

const composeService = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
});
const composeFile = z.looseObject({ services: z.record(z.string(), composeService), secrets: z.record(z.string(), z.looseObject({ file: z.string() })), volumes: z.record(z.string(), z.unknown()) });

/** docker-compose.yml with its merges done: raw for the schema; read for us, with the default of every `${NAME:-default}`. */
export function composeText(): { readonly raw: Record<string, unknown>; readonly file: z.output<typeof composeFile> } {
  const raw = z.record(z.string(), z.unknown()).parse(parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }));
  const asGiven: unknown = JSON.parse(JSON.stringify(raw).replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'));
  return { raw, file: composeFile.parse(asGiven) };
}
