import path from 'node:path';
import type { EspeakPart } from './part.js';
import { fetchedRoot, type PartContext } from './part-context.js';
import { findOnPath } from './machine.js';
import { runProgram } from './run-program.js';
import { makeSlimRoot, programCommand } from './slim-root.js';

const RECIPE = 1;

/** espeak-ng: `TRONCAL_ESPEAK`, the cache, PATH, or Debian trixie's packages. */
export async function ensureEspeak(context: PartContext): Promise<EspeakPart> {
  const { env, machine } = context;
  const given = env['TRONCAL_ESPEAK'] || findOnPath('espeak-ng', env['PATH']);
  if (given) return describe([path.resolve(given)], path.dirname(path.resolve(given)), env['TRONCAL_ESPEAK'] ? 'TRONCAL_ESPEAK' : 'PATH');
  // The data's place is compiled into the library; an option outranks it and needs no environment. It is kept at the
  // root's top, because espeak-ng 1.52 cuts the option's value at 160 characters.
  const data = { 'espeak-ng-data': path.join('usr/lib', machine.triple, 'espeak-ng-data') };
  const command = (root: string): string[] => [...programCommand(root, machine, 'usr/bin/espeak-ng'), `--path=${root}`];
  const { root, source } = await fetchedRoot(context, {
    name: 'espeak',
    title: 'espeak-ng',
    recipe: RECIPE,
    suite: 'trixie',
    packages: ['espeak-ng'],
    remedy: 'Set TRONCAL_ESPEAK to an espeak-ng program',
    make: async (unpacked, draft) => {
      await makeSlimRoot(unpacked, draft, { machine, objects: ['usr/bin/espeak-ng'], data });
      // Speaking proves that the data is found; the version alone would not.
      await runProgram([...command(draft), '-v', 'es', '-w', path.join(draft, '.proof.wav'), 'hola']);
      await runProgram(['rm', '-f', path.join(draft, '.proof.wav')]);
      return (await describe(command(draft), draft, 'fetch')).version;
    },
  });
  return describe(command(root), root, source);
}

async function describe(command: readonly string[], root: string, source: string): Promise<EspeakPart> {
  const { stdout } = await runProgram([...command, '--version']);
  return { name: 'espeak', version: /text-to-speech: (\S+)/.exec(stdout)?.[1] ?? stdout.trim(), source, root, command };
}
