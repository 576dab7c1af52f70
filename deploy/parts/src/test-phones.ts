import fs from 'node:fs';
import path from 'node:path';
import { PartUnavailableError, type BaresipPart, type SippPart } from './part.js';
import { fetchedRoot, type PartContext } from './part-context.js';
import { runProgram } from './run-program.js';
import { makeSlimRoot, programCommand } from './slim-root.js';

/** Modules of a headless phone that plays and records files; the others drag in graphics and sound servers. */
const BARESIP_MODULES = 'account aufile ausine auconv auresamp contact ctrl_tcp debug_cmd dtls_srtp fakevideo g711 ice menu mwi natpmp netroam pcp presence srtp stdio stun turn uuid vumeter aubridge g722 httpd cons selfview rtcpsummary'
  .split(' ')
  .map((name) => `${name}.so`);

/** baresip, for tests: `TRONCAL_BARESIP_ROOT` is not offered, since nothing but tests needs it. */
export async function ensureBaresip(context: PartContext): Promise<BaresipPart> {
  const { machine } = context;
  const describe = async (folder: string, from = 'fetch'): Promise<BaresipPart> => {
    const command = programCommand(folder, machine, 'usr/bin/baresip');
    const { stdout, stderr } = await runProgram([...command, '-h'], { alsoAccept: [1, 2, 254, 255] });
    const version = /baresip v(\S+)/.exec(stdout + stderr)?.[1] ?? 'unknown';
    return { name: 'baresip', version, source: from, root: folder, command, modulesDir: baresipModules(folder, machine.triple) };
  };
  const { root, source } = await fetchedRoot(context, {
    name: 'baresip',
    title: 'baresip',
    recipe: 1,
    suite: 'trixie',
    packages: ['baresip-core'],
    remedy: 'It is needed by tests only',
    make: async (unpacked, draft) => {
      const modules = baresipModules(unpacked, machine.triple);
      const present = BARESIP_MODULES.filter((name) => fs.existsSync(path.join(modules, name)));
      const objects = ['usr/bin/baresip', ...present.map((name) => path.join(path.relative(unpacked, modules), name))];
      await makeSlimRoot(unpacked, draft, { machine, objects, data: { 'usr/share/baresip': 'usr/share/baresip' } });
      return (await describe(draft)).version;
    },
  });
  return describe(root, source);
}

function baresipModules(root: string, triple: string): string {
  const found = [`usr/lib/${triple}/baresip/modules`, 'usr/lib/baresip/modules'].map((folder) => path.join(root, folder)).find((folder) => fs.existsSync(folder));
  if (!found) throw new PartUnavailableError('baresip', `${root} holds no baresip/modules`, 'It is needed by tests only');
  return found;
}

/** SIPp, for load in tests and benchmarks. */
export async function ensureSipp(context: PartContext): Promise<SippPart> {
  const { machine } = context;
  const describe = async (folder: string, from = 'fetch'): Promise<SippPart> => {
    const command = programCommand(folder, machine, 'usr/bin/sipp');
    const { stdout, stderr } = await runProgram([...command, '-v'], { alsoAccept: [99] });
    return { name: 'sipp', version: /SIPp v(\d[\d.]*)/.exec(stdout + stderr)?.[1] ?? 'unknown', source: from, root: folder, command };
  };
  const { root, source } = await fetchedRoot(context, {
    name: 'sipp',
    title: 'SIPp',
    recipe: 1,
    suite: 'trixie',
    packages: ['sip-tester'],
    remedy: 'It is needed by tests and benchmarks only',
    make: async (unpacked, draft) => {
      await makeSlimRoot(unpacked, draft, { machine, objects: ['usr/bin/sipp'], openedByName: ['libnss_files.so.2', 'libnss_dns.so.2'] });
      return (await describe(draft)).version;
    },
  });
  return describe(root, source);
}
