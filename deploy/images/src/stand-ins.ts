import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { ensurePart, findDebianArchive, findOnPath, runProgram } from '@troncal/parts';
import { imageThere, importFolder } from './import-folder.js';
import { mustDocker, type DockerOptions } from './run-docker.js';

type Say = (line: string) => void;

const SUITE = 'bookworm';
/** Raised by hand when a recipe below changes. */
const RECIPE = 1;
const SCRIPTS = path.join(import.meta.dirname, '..', 'stand-ins');

/**
 * Debian as the public images have it, plus busybox (whose wget is nats:alpine's): mmdebstrap from the archive of this machine's own apt.
 * The tar is kept, so that the next engine needs no network.
 */
export async function makeDebian(docker: DockerOptions, cacheDir: string, say: Say): Promise<string> {
  const image = `troncal-base/debian:${SUITE}-r${RECIPE}`;
  if (await imageThere(image, docker)) return image;
  const tar = path.join(cacheDir, 'images', `debian-${SUITE}-r${RECIPE}-${process.arch}.tar`);
  if (!fs.existsSync(tar)) {
    if (findOnPath('mmdebstrap', process.env['PATH']) === null) throw new Error('There is no mmdebstrap to make a base image with. Install it: apt-get install mmdebstrap');
    const { address, keyring } = await findDebianArchive('the base image', process.env);
    say(`making ${image} with mmdebstrap (some 20 s, once)`);
    fs.mkdirSync(path.dirname(tar), { recursive: true });
    const draft = `${tar}.${process.pid}`;
    const source = `deb [signed-by=${keyring}] ${address} ${SUITE} main`;
    await runProgram(['mmdebstrap', '--variant=minbase', '--format=tar', '--include=ca-certificates,debian-archive-keyring,libstdc++6,busybox-static', SUITE, draft, source], { timeoutMs: 15 * 60_000 });
    fs.renameSync(draft, tar);
  }
  await mustDocker(['import', '-', image], { ...docker, stdin: tar });
  return image;
}

/** node:24-bookworm-slim's part: the Node that runs this, which came as an npm package, and the machine's npm. */
export async function makeNode(debian: string, docker: DockerOptions, say: Say): Promise<string> {
  const npm = path.dirname(path.dirname(fs.realpathSync(process.env['npm_execpath'] ?? execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())));
  const npmVersion = (JSON.parse(fs.readFileSync(path.join(npm, 'package.json'), 'utf8')) as { version: string }).version;
  return layered(`troncal-base/node:${process.versions.node}-npm${npmVersion}`, debian, ['CMD ["node"]'], docker, say, (root) => {
    put(process.execPath, path.join(root, 'usr/local/bin/node'));
    put(npm, path.join(root, 'usr/local/lib/node_modules/npm'));
    // Settings of this machine's are no part of an image.
    fs.rmSync(path.join(root, 'usr/local/lib/node_modules/npm/npmrc'), { force: true });
    for (const name of ['npm', 'npx']) fs.symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, path.join(root, 'usr/local/bin', name));
  });
}

/** postgres:18's part: the server of deploy/parts, the ids and places of the public image. */
export async function makePostgres(debian: string, docker: DockerOptions, say: Say): Promise<string> {
  const part = await ensurePart('postgres');
  const scripts = path.join(SCRIPTS, 'postgres');
  const lines = [
    'RUN groupadd -g 999 postgres && useradd -u 999 -g 999 -M -d /var/lib/postgresql postgres && install -d -o 999 -g 999 /var/lib/postgresql /var/run/postgresql',
    'ENV PATH=/opt/postgres/bin:/usr/local/bin:/usr/bin:/bin LD_LIBRARY_PATH=/opt/postgres/lib PGDATA=/var/lib/postgresql/18/docker',
    'USER 999:999',
    'STOPSIGNAL SIGINT',
    'ENTRYPOINT ["docker-entrypoint.sh"]',
  ];
  return layered(`troncal-base/postgres:${part.version}-${digest(scripts)}`, debian, lines, docker, say, (root) => {
    put(part.root, path.join(root, 'opt/postgres'));
    put(scripts, path.join(root, 'usr/local/bin'));
  });
}

/** nats:2-alpine's part: the nats-server of deploy/parts and busybox's wget. */
export async function makeNats(debian: string, docker: DockerOptions, say: Say): Promise<string> {
  const part = await ensurePart('nats');
  const scripts = path.join(SCRIPTS, 'nats');
  const command = part.command.map((word) => word.replace(part.root, '/opt/nats'));
  return layered(`troncal-base/nats:${part.version}-${digest(scripts)}`, debian, ['ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["-js"]'], docker, say, (root) => {
    // One program that was given or is installed, or a folder with its own loader and libraries.
    if (part.command.length === 1) put(part.command[0] ?? '', path.join(root, command[0] ?? ''));
    else put(part.root, path.join(root, 'opt/nats'));
    put(scripts, path.join(root, 'usr/local/bin'));
    fs.writeFileSync(path.join(root, 'usr/local/bin/nats-server'), `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`, { mode: 0o755 });
    fs.symlinkSync('/bin/busybox', path.join(root, 'usr/local/bin/wget'));
  });
}

async function layered(image: string, base: string, lines: readonly string[], docker: DockerOptions, say: Say, fill: (root: string) => void): Promise<string> {
  if (await imageThere(image, docker)) return image;
  say(`making ${image}`);
  const dockerfile = ['FROM ' + base, 'COPY . /', ...lines].join('\n');
  await importFolder(fill, (folder) => mustDocker(['build', '-q', '-t', image, '-f', writeBeside(folder, dockerfile), folder], docker));
  return image;
}

/** Not in the folder, which becomes the image. */
function writeBeside(folder: string, dockerfile: string): string {
  const file = `${folder}.Dockerfile`;
  fs.writeFileSync(file, dockerfile);
  return file;
}

function put(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true, mode: 0o755 });
  fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

function digest(folder: string): string {
  const hash = createHash('sha256').update(String(RECIPE));
  for (const file of fs.readdirSync(folder).sort()) hash.update(fs.readFileSync(path.join(folder, file)));
  return hash.digest('hex').slice(0, 8);
}
