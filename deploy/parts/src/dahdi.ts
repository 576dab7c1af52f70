import fs from 'node:fs';
import path from 'node:path';
import type { DahdiPart } from './part.js';
import { fetchedRoot, type PartContext } from './part-context.js';
import { runProgram } from './run-program.js';
import { libraryDir, makeSlimRoot, programCommand } from './slim-root.js';

const RECIPE = 1;
const PACKAGES = ['asterisk-dahdi', 'dahdi', 'libpri1.4', 'libss7-2.0', 'libopenr2-3', 'libtonezone2.0', 'libc6'];

/**
 * What an edge with telephone cards needs besides Asterisk: chan_dahdi.so, the libraries it links to, and dahdi_cfg. Its packages are taken
 * without their dependencies, which would bring a compiler for the kernel module; that is the node's. From the same suite as Asterisk: a
 * module of another release is refused by Asterisk when it loads it.
 */
export async function ensureDahdi(context: PartContext): Promise<DahdiPart> {
  const { machine } = context;
  const channelDriver = path.join('usr/lib', machine.triple, 'asterisk/modules/chan_dahdi.so');
  const describe = async (root: string, source: string): Promise<DahdiPart> => {
    const command = programCommand(root, machine, 'usr/sbin/dahdi_cfg');
    const { stdout, stderr } = await runProgram([...command, '-h'], { alsoAccept: [1] });
    const version = /Version - (\d[\w.]*)/.exec(stdout + stderr)?.[1] ?? 'unknown';
    return { name: 'dahdi', version, source, root, command, channelDriver: path.join(root, channelDriver), librariesDir: libraryDir(root, machine) };
  };
  const { root, source } = await fetchedRoot(context, {
    name: 'dahdi',
    title: 'DAHDI',
    recipe: RECIPE,
    suite: 'sid',
    packages: PACKAGES,
    alone: true,
    remedy: 'Only an edge with telephone cards needs it',
    make: async (unpacked, draft) => {
      // The one library that its package keeps outside of the processor's folder.
      for (const name of fs.readdirSync(path.join(unpacked, 'usr/lib')).filter((file) => /^libpri\.so\.\d/.test(file))) {
        fs.cpSync(path.join(unpacked, 'usr/lib', name), path.join(libraryDir(unpacked, machine), name), { dereference: true });
      }
      await makeSlimRoot(unpacked, draft, { machine, objects: [channelDriver, 'usr/sbin/dahdi_cfg'] });
      return (await describe(draft, 'fetch')).version;
    },
  });
  return describe(root, source);
}
