import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const named = z.object({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }) });
export type Manifest = z.output<typeof named> & Readonly<Record<string, unknown>>;

/** What the folders of k8s/ use of a kustomization; anything else is refused rather than passed over. */
const kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()),
  images: z.array(z.strictObject({ name: z.string(), newTag: z.string() })).default([]),
  generatorOptions: z.strictObject({ disableNameSuffixHash: z.literal(true) }).optional(),
  configMapGenerator: z.array(z.strictObject({ name: z.string(), namespace: z.string(), files: z.array(z.string()) })).default([]),
  patches: z.array(z.strictObject({ path: z.string() })).default([]),
});

/** By which field the elements of a list are the same, from Kubernetes' own `x-kubernetes-patch-merge-key`; other lists are replaced whole. */
const MERGE_KEYS: Readonly<Record<string, string>> = { containers: 'name', initContainers: 'name', env: 'name', volumes: 'name', volumeMounts: 'mountPath', ports: 'containerPort', topologySpreadConstraints: 'topologyKey' };

/**
 * What `kubectl apply -k` would send of a folder: resources, generated ConfigMaps, strategic merge patches and images. No kustomize binary can be had by
 * npm or Debian, so the few features that k8s/ uses are read here.
 * @throws ZodError naming a feature that this reader doesn't know; Error for a patch of nothing
 */
export function renderKustomization(folder: string): Manifest[] {
  const { resources, images, configMapGenerator, patches, generatorOptions } = kustomization.parse(parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')));
  if (configMapGenerator.length > 0 && !generatorOptions) throw new Error(`${folder}: a generated name's hash is not known to this reader: disableNameSuffixHash`);
  let objects = resources.flatMap((resource) => (resource.endsWith('.yaml') ? documents(join(folder, resource)) : renderKustomization(join(folder, resource))));
  objects.push(...configMapGenerator.map(({ name, namespace, files }): Manifest => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: Object.fromEntries(files.map((file) => [basename(file), readFileSync(join(folder, file), 'utf8')])) })));
  for (const { path } of patches) {
    for (const patch of documents(join(folder, path))) {
      if (!objects.some((object) => isSame(object, patch))) throw new Error(`${path} patches ${patch.kind} ${patch.metadata.name}, which isn't there`);
      objects = objects.map((object) => (isSame(object, patch) ? (merged(object, patch) as Manifest) : object));
    }
  }
  const tags = new Map(images.map(({ name, newTag }) => [name, newTag]));
  return JSON.parse(JSON.stringify(objects), (key, value: unknown) => {
    const [name = '', tag] = key === 'image' && typeof value === 'string' ? value.split(':') : [];
    return tag !== undefined && tags.has(name) ? `${name}:${tags.get(name)}` : value;
  }) as Manifest[];
}

function documents(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: true }).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors.map(({ message }) => message).join('; ')}`);
    const value: unknown = document.toJS();
    named.loose().parse(value);
    return value as Manifest;
  });
}

const isSame = (one: Manifest, other: Manifest): boolean =>
  one.kind === other.kind && one.apiVersion === other.apiVersion && one.metadata.name === other.metadata.name && one.metadata.namespace === other.metadata.namespace;

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function merged(base: unknown, patch: unknown, field = ''): unknown {
  if (isMap(base) && isMap(patch)) {
    if (Object.keys(patch).some((key) => key.startsWith('$'))) throw new Error(`${field}: directives of a patch are not known to this reader`);
    const entries = Object.entries(patch).map(([key, value]) => [key, key in base ? merged(base[key], value, key) : value]);
    // null removes a field.
    return Object.fromEntries(Object.entries({ ...base, ...(Object.fromEntries(entries) as object) }).filter(([, value]) => value !== null));
  }
  const mergeKey = MERGE_KEYS[field];
  if (!Array.isArray(base) || !Array.isArray(patch) || mergeKey === undefined) return patch;
  const idOf = (element: unknown): unknown => (isMap(element) ? element[mergeKey] : undefined);
  const kept = base.map((element: unknown) => {
    const change: unknown = patch.find((candidate) => idOf(candidate) === idOf(element));
    return change === undefined ? element : merged(element, change);
  });
  return [...kept, ...patch.filter((candidate) => !base.some((element) => idOf(element) === idOf(candidate)))];
}
