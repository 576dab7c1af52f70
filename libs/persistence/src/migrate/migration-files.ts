import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from '@troncal/kernel';

/** One SQL file. */
export interface Migration {
  /** Whose files: `troncal` for this library's, else the service's name. */
  readonly set: string;
  readonly file: string;
  readonly sql: string;
  /** SHA-256 of the content, line ends as LF, so that a checkout on another system is no edit. */
  readonly checksum: string;
}

/** A folder of migrations and the name under which they are recorded. */
export interface MigrationSet {
  readonly set: string;
  readonly folder: string;
}

const FILE = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** The files of a set in order. Refuses names that aren't `0001_name.sql` and gaps or doubles in the numbers, all at once. */
export async function readMigrations({ set, folder }: MigrationSet): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const faults = files.flatMap((file, index) => {
    const number = FILE.exec(file)?.[1];
    if (number === undefined) return [{ where: file, message: 'the name is not like 0001_what_it_does.sql' }];
    return Number(number) === index + 1 ? [] : [{ where: file, message: `expected number ${String(index + 1).padStart(4, '0')} here` }];
  });
  if (faults.length > 0) {
    throw new PermanentError('bad_migrations', `The migrations of ${set} can't be put in order: ${faults.map((fault) => `${fault.where}: ${fault.message}`).join('; ')}.`, {
      faults,
      remedy: 'Number the files 0001, 0002 … without gaps.',
    });
  }
  return Promise.all(
    files.map(async (file) => {
      const sql = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n');
      return { set, file, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
