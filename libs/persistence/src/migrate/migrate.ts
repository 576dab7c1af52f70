import { fileURLToPath } from 'node:url';
import { crashPoint } from '@troncal/config';
import { errorText, PermanentError } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import pg from 'pg';
import { toDatabaseError } from '../postgres/database-errors.js';
import { readMigrations, type Migration, type MigrationSet } from './migration-files.js';

export interface MigrateOptions {
  /** The owner role's address: it may create tables in the schema. */
  readonly ownerUrl: string;
  readonly schema: string;
  /** The role the service runs as; it is granted reading and writing of rows, no more. */
  readonly appRole: string;
  /** The service's own migrations; this library's come first. */
  readonly sets: readonly MigrationSet[];
  readonly logger: Logger;
}

interface Applied {
  readonly set_name: string;
  readonly file: string;
  readonly checksum: string;
}

const OWN: MigrationSet = { set: 'troncal', folder: fileURLToPath(new URL('../../migrations/', import.meta.url)) };

/**
 * Brings the schema up to date, forward only: each file in a transaction of its own together with its record, so that a crash
 * leaves a file applied or not. One runner at a time (advisory lock); the others wait and then find nothing to do.
 * A file that was edited after it was applied is refused by name. Records of later files than we have are left alone: an older
 * release runs on a newer schema.
 * @returns the files applied now
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const wanted = (await Promise.all([OWN, ...options.sets].map(readMigrations))).flat();
  const client = new pg.Client({
    connectionString: options.ownerUrl,
    application_name: `${options.schema} migrations`,
    connectionTimeoutMillis: 5_000,
    lock_timeout: 30_000,
    options: `-c search_path=${options.schema}`,
  });
  client.on('error', (error) => options.logger.debug({ err: error }, 'the connection of the migrations was lost'));
  try {
    await client.connect();
    return await apply(client, wanted, options);
  } catch (error) {
    throw toDatabaseError(error);
  } finally {
    await client.end().catch(() => {});
  }
}

async function apply(client: pg.Client, wanted: readonly Migration[], { schema, appRole, logger }: MigrateOptions): Promise<string[]> {
  // A session lock: freed by the server when this connection ends, also by kill -9.
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`troncal.migrate.${schema}`]);
  const role = pg.escapeIdentifier(appRole);
  const space = pg.escapeIdentifier(schema);
  await client.query(`
    CREATE TABLE IF NOT EXISTS schema_migration (
      set_name text NOT NULL, file text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (set_name, file));
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${space} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${space} GRANT USAGE, SELECT ON SEQUENCES TO ${role};
    GRANT USAGE ON SCHEMA ${space} TO ${role};
    GRANT SELECT ON schema_migration TO ${role}`);
  const { rows } = await client.query<Applied>('SELECT set_name, file, checksum FROM schema_migration');
  const open = pending(wanted, rows);
  for (const migration of open) {
    await applyOne(client, migration);
    logger.info({ set: migration.set, file: migration.file }, 'migration applied');
  }
  return open.map((migration) => `${migration.set}/${migration.file}`);
}

function pending(wanted: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const checksums = new Map(applied.map((row) => [`${row.set_name}/${row.file}`, row.checksum]));
  const edited = wanted.filter((migration) => {
    const checksum = checksums.get(`${migration.set}/${migration.file}`);
    return checksum !== undefined && checksum !== migration.checksum;
  });
  if (edited.length > 0) {
    const names = edited.map((migration) => `${migration.set}/${migration.file}`);
    throw new PermanentError('migration_edited', `Already applied and edited since: ${names.join(', ')}.`, {
      details: { files: names },
      remedy: 'Restore the file as it was, and put the change into a new migration.',
    });
  }
  return wanted.filter((migration) => !checksums.has(`${migration.set}/${migration.file}`));
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query('INSERT INTO schema_migration (set_name, file, checksum) VALUES ($1, $2, $3)', [migration.set, migration.file, migration.checksum]);
    crashPoint('migrate.before-commit');
    await client.query('COMMIT');
    crashPoint('migrate.after-commit');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    if (toDatabaseError(error) !== error) throw error;
    throw new PermanentError('migration_failed', `The migration ${migration.set}/${migration.file} failed and was rolled back: ${errorText(error)}.`, {
      cause: error,
      remedy: 'Correct the file; it counts as not applied.',
    });
  }
}
