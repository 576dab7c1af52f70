import fs from 'node:fs';
import path from 'node:path';
import type { DockerPluginsPart } from './part.js';
import { fetchedRoot, type PartContext } from './part-context.js';
import { runProgram } from './run-program.js';

const PLUGINS = 'usr/libexec/docker/cli-plugins';

/** compose 2 and buildx for a `docker` command that has none (Debian bookworm packages neither): Debian trixie's, which need a C library only. */
export async function ensureDockerPlugins(context: PartContext): Promise<DockerPluginsPart> {
  const { root, source } = await fetchedRoot(context, {
    name: 'docker-plugins',
    title: "Docker's compose and buildx",
    recipe: 1,
    suite: 'trixie',
    packages: ['docker-compose', 'docker-buildx'],
    alone: true,
    remedy: "Install docker's compose and buildx plug-ins",
    make: async (unpacked, draft) => {
      fs.cpSync(path.join(unpacked, PLUGINS), path.join(draft, PLUGINS), { recursive: true });
      return composeVersion(draft);
    },
  });
  return { name: 'docker-plugins', version: await composeVersion(root), source, root, pluginsDir: path.join(root, PLUGINS) };
}

async function composeVersion(root: string): Promise<string> {
  const { stdout } = await runProgram([path.join(root, PLUGINS, 'docker-compose'), 'docker-cli-plugin-metadata']);
  return (JSON.parse(stdout) as { Version: string }).Version;
}
