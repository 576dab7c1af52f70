import fs from 'node:fs';
import { firstExisting } from './machine.js';
import { PartUnavailableError } from './part.js';
import { runProgram } from './run-program.js';

/** A Debian archive and the keys its signatures are checked with. */
export interface DebianArchive {
  /** Base address, without suite. */
  readonly address: string;
  readonly keyring: string;
  /** In words, for progress lines. */
  readonly description: string;
}

const FORMAT = '$(REPO_URI)|$(ORIGIN)|$(LABEL)|$(RELEASE)';
const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];
const REMEDY =
  'Set TRONCAL_DEBIAN_ARCHIVE to the address of a Debian archive and TRONCAL_DEBIAN_KEYRING to Debian\'s archive keyring ' +
  '(package debian-archive-keyring), or name an installed program, or use the containers';

/**
 * The address of Debian's own archive in the output of `apt-get indextargets` with our format. Only that apt's signed
 * release data name it Debian counts; where no release was downloaded yet (a fresh container image) the machine's own
 * suite on a Debian machine does. Security and third-party archives carry no unstable suite.
 */
export function archiveAmong(indexTargets: string, ownDebianSuite: string | null): string | null {
  const rows = indexTargets
    .split('\n')
    .map((line) => line.trim().split('|'))
    .filter((row) => /^[a-z+]+:\//.test(row[0] ?? '') && !(row[0] ?? '').startsWith('cdrom:'));
  const known = rows.find(([, origin, label]) => origin === 'Debian' && label === 'Debian');
  const own = ownDebianSuite === null ? undefined : rows.find(([, origin, , release]) => release === ownDebianSuite && (origin ?? '').startsWith('$('));
  return (known ?? own)?.[0] ?? null;
}

/** The codename of a machine that is Debian itself, from os-release's text; null on derivatives. */
export function debianSuiteOf(osRelease: string): string | null {
  const value = (key: string): string | undefined => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(osRelease)?.[1];
  return value('ID') === 'debian' ? (value('VERSION_CODENAME') ?? null) : null;
}

/**
 * Finds the archive from the machine's own apt configuration and the key from its keyring package; both can be given
 * by `TRONCAL_DEBIAN_ARCHIVE` and `TRONCAL_DEBIAN_KEYRING`. Signatures are always checked.
 * @throws PartUnavailableError when the machine has no apt, no Debian archive or no key.
 */
export async function findDebianArchive(part: string, env: Readonly<Record<string, string | undefined>>): Promise<DebianArchive> {
  const keyring = env['TRONCAL_DEBIAN_KEYRING'] || firstExisting(KEYRINGS);
  const given = env['TRONCAL_DEBIAN_ARCHIVE'];
  const address = given || (await addressFromApt(part));
  if (!address) throw new PartUnavailableError(part, 'this machine\'s apt knows no Debian archive', REMEDY);
  if (!keyring || !fs.existsSync(keyring)) throw new PartUnavailableError(part, `Debian's archive keyring is not there${keyring ? ` (${keyring})` : ''}`, REMEDY);
  return { address, keyring, description: given ? 'the archive of TRONCAL_DEBIAN_ARCHIVE' : 'Debian' };
}

async function addressFromApt(part: string): Promise<string | null> {
  const ask = async (...more: string[]): Promise<string> => (await runProgram(['apt-get', 'indextargets', ...more, '--format', FORMAT, 'Created-By: Packages'])).stdout;
  try {
    const downloaded = archiveAmong(await ask(), null);
    if (downloaded) return downloaded;
    const suite = debianSuiteOf(fs.readFileSync('/etc/os-release', 'utf8'));
    return archiveAmong(await ask('--no-release-info'), suite);
  } catch (cause) {
    throw new PartUnavailableError(part, `apt could not be asked for its archive (${(cause as Error).message})`, REMEDY, { cause });
  }
}
