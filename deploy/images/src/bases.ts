import { makeOfflineImage } from './offline-image.js';
import { runDocker, type DockerOptions } from './run-docker.js';
import { makeDebian, makeNats, makeNode, makePostgres } from './stand-ins.js';

/** What the images are built from and stand beside: for compose's `${TRONCAL_…_IMAGE}` and the build's arguments. */
export interface Bases {
  readonly node: string;
  readonly postgres: string;
  readonly nats: string;
  /** Caches of npm and of deploy/parts; `scratch`: the build fetches by itself. */
  readonly offline: string;
}

const PUBLIC: Bases = { node: 'node:24-bookworm-slim', postgres: 'postgres:18-bookworm', nats: 'nats:2.11-alpine', offline: 'scratch' };

export type BasesWanted = 'public' | 'offline' | 'whichever';

/**
 * The public images when the engine has them or can pull them; else stand-ins under `troncal-base/`, made from this machine's Debian
 * archive, npm packages and parts, with what the build would fetch beside them. What was made once is there the next time.
 */
export async function chooseBases(wanted: BasesWanted, docker: DockerOptions, cacheDir: string, say: (line: string) => void): Promise<Bases> {
  if (wanted !== 'offline') {
    const missing = await firstMissing([PUBLIC.node, PUBLIC.postgres, PUBLIC.nats], docker);
    if (missing === null) return PUBLIC;
    if (wanted === 'public') throw new Error(`The base image ${missing.image} can't be had: ${missing.reason}`);
    say(`no image registry can be reached (${missing.reason}): --offline-bases`);
  }
  return offlineBases(docker, cacheDir, say);
}

async function firstMissing(images: readonly string[], docker: DockerOptions): Promise<{ image: string; reason: string } | null> {
  for (const image of images) {
    if ((await runDocker(['image', 'inspect', image], docker)).ok) continue;
    const pulled = await runDocker(['pull', '-q', image], { ...docker, timeoutMs: 10 * 60_000 });
    if (!pulled.ok) return { image, reason: pulled.text.split('\n').at(-1)?.replace(/^.*daemon: /, '') ?? 'it was refused' };
  }
  return null;
}

async function offlineBases(docker: DockerOptions, cacheDir: string, say: (line: string) => void): Promise<Bases> {
  const debian = await makeDebian(docker, cacheDir, say);
  return {
    node: await makeNode(debian, docker, say),
    postgres: await makePostgres(debian, docker, say),
    nats: await makeNats(debian, docker, say),
    offline: await makeOfflineImage(docker, say),
  };
}
