import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderKustomization } from './kustomize.js';

const HEAD = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
const POD = `apiVersion: v1
kind: Pod
metadata: { name: a, namespace: n }
spec:
  containers:
    - { name: one, image: "troncal/services:dev", env: [{ name: A, value: "1" }, { name: B, value: "1" }], args: [x, y] }
    - { name: two, image: "postgres:18" }
`;

describe('the reader of kustomizations', () => {
  let folder: string;
  const write = (file: string, text: string): void => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kustomize-'));
    write('base/kustomization.yaml', `${HEAD}resources: [pod.yaml]\n`);
    write('base/pod.yaml', POD);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('merges containers and variables by name, replaces other lists, and sets the tags of images', () => {
    write('over/kustomization.yaml', `${HEAD}resources: [../base]\npatches: [{ path: patch.yaml }]\nimages: [{ name: troncal/services, newTag: "1.0.0" }]\n`);
    write('over/patch.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: n }\nspec:\n  containers:\n    - { name: one, env: [{ name: B, value: "2" }, { name: C, value: "3" }], args: [z] }\n');
    expect(renderKustomization(join(folder, 'over'))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a', namespace: 'n' },
        spec: {
          containers: [
            { name: 'one', image: 'troncal/services:1.0.0', env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }, { name: 'C', value: '3' }], args: ['z'] },
            { name: 'two', image: 'postgres:18' },
          ],
        },
      },
    ]);
  });

  it('refuses what it does not know, and a patch of what is not there', () => {
    write('over/kustomization.yaml', `${HEAD}resources: [../base]\nnamePrefix: x-\n`);
    expect(() => renderKustomization(join(folder, 'over'))).toThrow(/namePrefix/);
    write('over/kustomization.yaml', `${HEAD}resources: [../base]\npatches: [{ path: patch.yaml }]\n`);
    write('over/patch.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: b, namespace: n }\n');
    expect(() => renderKustomization(join(folder, 'over'))).toThrow(/Pod b, which isn't there/);
  });
});
