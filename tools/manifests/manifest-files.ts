import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const envEntry = z.looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() });
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  env: z.array(envEntry).default([]),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number() })).default([]),
  livenessProbe: z.unknown().optional(),
  readinessProbe: z.unknown().optional(),
  startupProbe: z.unknown().optional(),
  resources: z.looseObject({ requests: z.record(z.string(), z.unknown()), limits: z.record(z.string(), z.unknown()) }),
  securityContext: z.unknown().optional(),
});
const podSpec = z.looseObject({
  hostNetwork: z.boolean().optional(),
  securityContext: z.unknown().optional(),
  initContainers: z.array(container).default([]),
  containers: z.array(container),
  volumes: z.array(z.looseObject({ name: z.string(), secret: z.looseObject({ items: z.array(z.looseObject({ key: z.string() })) }).optional() })).default([]),
});
const backend = z.looseObject({ service: z.looseObject({ name: z.string() }) });
const ingressSpec = z.looseObject({ rules: z.array(z.looseObject({ http: z.looseObject({ paths: z.array(z.looseObject({ path: z.string(), backend })) }) })) });
const object = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }), spec: z.unknown().optional() });

export type KubernetesObject = z.output<typeof object>;
export type Container = z.output<typeof container>;

/** Every object of these folders of k8s/; patches of overlays are no objects and are left out. */
export function kubernetesObjects(...folders: readonly string[]): KubernetesObject[] {
  const files = folders.flatMap((folder) => readdirSync(join(ROOT, 'k8s', folder)).map((file) => join(ROOT, 'k8s', folder, file)));
  const whole = files.filter((file) => file.endsWith('.yaml') && !/kustomization|nats-cluster|stream-replicas/.test(file));
  return whole.flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: true }).map((document) => object.parse(document.toJS())));
}

/** The pod of a workload, null for what makes none. */
export function podOf({ kind, spec }: KubernetesObject): z.output<typeof podSpec> | null {
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind)) return null;
  return z.looseObject({ template: z.looseObject({ spec: podSpec }) }).parse(spec).template.spec;
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
export type ComposeService = z.output<typeof composeService>;

/** docker-compose.yml with its merges done: raw for the schema; read for us, with the default of every `${NAME:-default}`. */
export function composeText(): { readonly raw: Record<string, unknown>; readonly file: z.output<typeof composeFile> } {
  const raw = z.record(z.string(), z.unknown()).parse(parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }));
  const asGiven: unknown = JSON.parse(JSON.stringify(raw).replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'));
  return { raw, file: composeFile.parse(asGiven) };
}
