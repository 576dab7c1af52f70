import fs from 'node:fs';
import path from 'node:path';
import { ASTERISK_MODULES } from './asterisk-modules.js';
import { firstExisting, type Machine } from './machine.js';
import { PartUnavailableError, type AsteriskPart } from './part.js';
import { fetchedRoot, type PartContext } from './part-context.js';
import { runProgram } from './run-program.js';
import { makeSlimRoot, programCommand } from './slim-root.js';

/** Raise it when the recipe changes, so that caches made by the old one are not used. */
const RECIPE = 1;
const DATA = 'usr/share/asterisk';
/** What only maintainer scripts or left-out modules want: 25 of 83 MB. */
const UNNEEDED =
  /^(perl.*|libperl.*|perl-.*|gnupg.*|gpg.*|dirmngr|pinentry.*|adduser|passwd|debconf|libpam.*|libsnmp.*|libcodec2-.*|libdb5.*|libgdbm.*|libc-gconv-modules-extra|openssl-provider-legacy|libtiff6|libwebp7|libjpeg.*|liblua.*|libsybdb.*|libportaudio.*|libjack.*|sysvinit-utils|login.*|util-linux.*)$/;
/** Opened by name: without NSS's soft token res_srtp fails to load and Asterisk exits. */
const OPENED_BY_NAME = ['libsoftokn3.so', 'libfreebl3.so', 'libfreeblpriv3.so', 'libnss_files.so.2', 'libnss_dns.so.2'];
const CHECKSUMS = ['libsoftokn3.chk', 'libfreebl3.chk', 'libfreeblpriv3.chk'];

/**
 * Asterisk 22: `TRONCAL_ASTERISK_ROOT` (`/` for one installed on the system), the cache, or Debian sid's packages in a
 * slim folder. 22.9 and every later 22.x is accepted: sid moves on, and the edge's own tests gate the quirks.
 */
export async function ensureAsterisk(context: PartContext): Promise<AsteriskPart> {
  const given = context.env['TRONCAL_ASTERISK_ROOT'];
  if (given) return describe(path.resolve(given), context.machine, 'TRONCAL_ASTERISK_ROOT');
  const { root, source } = await fetchedRoot(context, {
    name: 'asterisk',
    title: 'Asterisk 22',
    recipe: RECIPE,
    suite: 'sid',
    packages: ['asterisk', 'asterisk-modules', 'asterisk-core-sounds-en-gsm', 'asterisk-moh-opsound-gsm'],
    unneeded: UNNEEDED,
    remedy: 'Set TRONCAL_ASTERISK_ROOT to a folder that holds Asterisk 22 (`/` when it is installed), or start with --without-asterisk',
    make: async (unpacked, draft) => {
      const libraries = path.join('usr/lib', context.machine.triple);
      const packaged = path.join(libraries, 'asterisk/modules');
      const present = ASTERISK_MODULES.filter((name) => fs.existsSync(path.join(unpacked, packaged, name)));
      await makeSlimRoot(unpacked, draft, {
        machine: context.machine,
        objects: ['usr/sbin/asterisk', ...present.map((name) => path.join(packaged, name))],
        openedByName: OPENED_BY_NAME,
        data: {
          ...Object.fromEntries(CHECKSUMS.map((name) => [path.join(libraries, name), path.join(libraries, name)])),
          [`${DATA}/rest-api`]: `${DATA}/rest-api`,
          [`${DATA}/documentation`]: `${DATA}/documentation`,
          [`${DATA}/moh`]: `${DATA}/moh`,
          // Debian makes this link in a maintainer script; Asterisk looks for sounds by language.
          [`${DATA}/sounds/en`]: `${DATA}/sounds/en_US_f_Allison`,
        },
      });
      return (await describe(draft, context.machine, 'fetch')).version;
    },
  });
  return describe(root, context.machine, source);
}

/** Whether a version, as `asterisk -V` prints it, is one we know how to configure. */
export function acceptsAsterisk(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) === 22 && Number(minor) >= 9;
}

async function describe(root: string, machine: Machine, source: string): Promise<AsteriskPart> {
  const command = programCommand(root, machine, 'usr/sbin/asterisk');
  const modulesDir = firstExisting([`usr/lib/${machine.triple}/asterisk/modules`, 'usr/lib/asterisk/modules'].map((folder) => path.join(root, folder)));
  const remedy = 'Give one whose usr/sbin/asterisk is 22.9 or a later 22.x, or unset TRONCAL_ASTERISK_ROOT';
  if (!modulesDir) throw new PartUnavailableError('Asterisk', `${root} holds no usr/lib/…/asterisk/modules`, remedy);
  const { stdout } = await runProgram([...command, '-V']);
  const version = /Asterisk (\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? stdout.trim();
  if (!acceptsAsterisk(version)) throw new PartUnavailableError('Asterisk', `${root} holds version ${version}`, remedy);
  const dataDir = path.join(root, DATA);
  const modules = fs.readdirSync(modulesDir).filter((file) => file.endsWith('.so')).sort();
  return { name: 'asterisk', version, source, root, command, modulesDir, dataDir, mohDir: firstExisting([path.join(dataDir, 'moh')]), modules };
}
