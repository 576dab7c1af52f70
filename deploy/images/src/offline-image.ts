import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ensureParts, runProgram } from '@troncal/parts';
import { imageThere, importFolder } from './import-folder.js';
import { mustDocker, type DockerOptions } from './run-docker.js';

const ROOT = path.join(import.meta.dirname, '..', '..', '..');

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/**
 * The image that a build without a network mounts: this lock's part of npm's cache in /npm, and the parts that the images hold in /troncal.
 * Named by what is in it. What npm's own cache lacks is fetched into it here, on the machine.
 */
export async function makeOfflineImage(docker: DockerOptions, say: (line: string) => void): Promise<string> {
  const parts = await ensureParts(['asterisk', 'espeak', 'dahdi'], { onProgress: say });
  const wanted = lockedPackages();
  const names = [...wanted.map(({ integrity }) => integrity), ...Object.values(parts).map(({ root, version }) => `${path.basename(root)} ${version}`)];
  const image = `troncal-base/offline:${createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 12)}`;
  if (await imageThere(image, docker)) return image;
  say(`making ${image} of the caches of npm and deploy/parts`);
  const cache = path.join(execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8', cwd: ROOT }).trim(), '_cacache');
  const absent = wanted.filter(({ integrity }) => !fs.existsSync(contentFile(cache, integrity)));
  for (const { name } of absent) await runProgram(['npm', 'cache', 'add', name]);
  await importFolder(
    (root) => {
      const npm = path.join(root, 'npm', '_cacache');
      fs.cpSync(path.join(cache, 'index-v5'), path.join(npm, 'index-v5'), { recursive: true });
      // The descriptions of packages are content too, found by the index alone: they are small, so all come along.
      for (const file of contentFiles(path.join(cache, 'content-v2'), wanted.map(({ integrity }) => contentFile(cache, integrity)))) {
        fs.cpSync(file, path.join(npm, path.relative(cache, file)));
      }
      for (const { root: part } of Object.values(parts)) fs.cpSync(part, path.join(root, 'troncal', 'parts', path.basename(part)), { recursive: true });
    },
    async (folder) => {
      const tar = `${folder}.tar`;
      await runProgram(['tar', '-C', folder, '-cf', tar, '.']);
      await mustDocker(['import', '-', image], { ...docker, stdin: tar });
    },
  );
  return image;
}

interface LockedPackage {
  /** `name@version`. */
  readonly name: string;
  readonly integrity: string;
}

/** Every package that the lock gives to this platform. */
function lockedPackages(): LockedPackage[] {
  const { packages } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockEntry> };
  const fits = (allowed: readonly string[] | undefined, ours: string): boolean => allowed === undefined || allowed.includes(ours);
  return Object.entries(packages).flatMap(([place, { version, integrity, link, os, cpu, libc }]) => {
    if (link || !integrity || !version || !fits(os, 'linux') || !fits(cpu, process.arch) || !fits(libc, 'glibc')) return [];
    return [{ name: `${place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version}`, integrity }];
  });
}

/** cacache keeps content by its hash, in folders of two hexadecimal digits each. */
function contentFile(cache: string, integrity: string): string {
  const [algorithm = '', base64 = ''] = integrity.split(' ')[0]?.split(/-(.*)/s) ?? [];
  const hex = Buffer.from(base64, 'base64').toString('hex');
  return path.join(cache, 'content-v2', algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
}

/** Of the tarballs only those of the lock; of everything else what is smaller than a package ever is, or is JSON. */
function contentFiles(folder: string, tarballs: readonly string[]): string[] {
  const ours = new Set(tarballs);
  const isTarball = (file: string): boolean => {
    const head = Buffer.alloc(2);
    const handle = fs.openSync(file, 'r');
    fs.readSync(handle, head, 0, 2, 0);
    fs.closeSync(handle);
    return head[0] === 0x1f && head[1] === 0x8b;
  };
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => ours.has(file) || !isTarball(file));
}
