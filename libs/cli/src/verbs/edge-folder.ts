import { existsSync, mkdirSync, readFileSync, writeFileSync, chmodSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { EdgeSettings } from '@troncal/contracts';
import { usageError } from '../cli-error.js';

const ENVIRONMENT = 'edge.env';

/** The lines of a folder's `edge.env`, as NAME=value by name. */
function linesOf(folder: string): Map<string, string> {
  const file = join(folder, ENVIRONMENT);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Map(lines.flatMap((line) => (/^[A-Z_]+=/.test(line) ? [[line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const] : [])));
}

/** Where Asterisk writes its recordings when it runs from a folder (deploy/docker, edge-folder.ts). */
export const recordingsIn = (folder: string): string => join(resolve(folder), 'state', 'spool', 'recording');

/** Looked at before anything is asked of the API: what could not be written would be lost. @throws usage error when it is another edge's */
export function checkFolder(folder: string, edgeId: string): void {
  const of = linesOf(folder).get('EDGE_ID');
  if (of !== undefined && of !== edgeId) throw usageError(`${folder} holds the settings of edge ${of}`, 'Name another folder: --folder DIR');
  mkdirSync(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
}

/** Writes what an edge is started with: `edge.env` and `secrets/`, readable by their owner alone. Lines that a person added stay. */
export function writeFolder(folder: string, { environment, secrets }: EdgeSettings): void {
  const lines = new Map([...linesOf(folder), ...Object.entries(environment)]);
  writePrivate(join(folder, ENVIRONMENT), [...lines].map(([name, value]) => `${name}=${value}\n`).join(''));
  for (const [name, value] of Object.entries(secrets)) writePrivate(join(folder, 'secrets', name), value);
}

function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  // A file that was there keeps its own mode otherwise.
  chmodSync(file, 0o600);
}
