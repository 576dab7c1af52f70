import path from 'node:path';
import { findOnPath } from './machine.js';
import { PartUnavailableError, type NatsPart } from './part.js';
import { fetchedRoot, type PartContext } from './part-context.js';
import { runProgram } from './run-program.js';
import { makeSlimRoot, programCommand } from './slim-root.js';

const RECIPE = 1;
const REMEDY = 'Set TRONCAL_NATS_SERVER to a nats-server of version 2.10 or later';

/**
 * nats-server: `TRONCAL_NATS_SERVER`, the cache, PATH, or Debian trixie's package. Older than 2.10 is passed over,
 * because it doesn't know `sync_interval` and would acknowledge events that are not on disk.
 */
export async function ensureNats(context: PartContext): Promise<NatsPart> {
  const given = context.env['TRONCAL_NATS_SERVER'];
  if (given) return describe([path.resolve(given)], path.dirname(path.resolve(given)), 'TRONCAL_NATS_SERVER');
  const onPath = findOnPath('nats-server', context.env['PATH']);
  const installed = onPath === null ? null : await describe([onPath], path.dirname(onPath), 'PATH').catch(() => null);
  if (installed) return installed;
  const { root, source } = await fetchedRoot(context, {
    name: 'nats',
    title: 'nats-server',
    recipe: RECIPE,
    suite: 'trixie',
    packages: ['nats-server', 'libc6'],
    alone: true,
    remedy: REMEDY,
    make: async (unpacked, draft) => {
      await makeSlimRoot(unpacked, draft, { machine: context.machine, objects: ['usr/sbin/nats-server'], openedByName: ['libnss_files.so.2', 'libnss_dns.so.2'] });
      return (await describe(programCommand(draft, context.machine, 'usr/sbin/nats-server'), draft, 'fetch')).version;
    },
  });
  return describe(programCommand(root, context.machine, 'usr/sbin/nats-server'), root, source);
}

/** Whether a version has what durable streams need. */
export function acceptsNats(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 10);
}

async function describe(command: readonly string[], root: string, source: string): Promise<NatsPart> {
  const { stdout } = await runProgram([...command, '--version']).catch((cause: unknown) => {
    throw new PartUnavailableError('nats-server', (cause as Error).message, REMEDY, { cause });
  });
  const version = /v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? stdout.trim();
  if (!acceptsNats(version)) throw new PartUnavailableError('nats-server', `${command.at(-1) ?? '?'} is version ${version}`, REMEDY);
  return { name: 'nats', version, source, root, command };
}
