import { PermanentError } from '@troncal/kernel';

export interface EdgeDatabase {
  /** The role that runs ari-gateway's migrations; it will own the schema `edge` and the views in it. */
  readonly ownerRole: string;
  /** The new password of `asterisk_reader`: letters, digits, `_` and `-`. */
  readonly readerPassword: string;
}

/** As whom Asterisk reads. */
export const EDGE_READER = 'asterisk_reader';

/**
 * SQL that makes the schema `edge` and the role `asterisk_reader`, which may read what the migrations put there and nothing else. For an
 * administrator's connection to the right database, after the service's own roles and before its migrations; harmless again and again.
 * @throws PermanentError for names or passwords that would need quoting
 */
export function edgeDatabaseSql({ ownerRole, readerPassword }: EdgeDatabase): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(ownerRole)) throw unsafe('ownerRole');
  if (!/^[A-Za-z0-9_-]{8,128}$/.test(readerPassword)) throw unsafe('readerPassword');
  return `
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${EDGE_READER}') THEN
        CREATE ROLE ${EDGE_READER};
      END IF;
    END $$;
    ALTER ROLE ${EDGE_READER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${readerPassword}';
    -- A lock or a slow plan must never hold up SIP: Asterisk waits for its one connection.
    ALTER ROLE ${EDGE_READER} SET statement_timeout = '2s';
    ALTER ROLE ${EDGE_READER} SET default_transaction_read_only = on;
    GRANT ${ownerRole} TO CURRENT_USER;
    CREATE SCHEMA IF NOT EXISTS edge AUTHORIZATION ${ownerRole};
    GRANT USAGE ON SCHEMA edge TO ${EDGE_READER};
  `;
}

function unsafe(where: string): PermanentError {
  return new PermanentError('bad_edge_database', `${where} would need quoting.`, {
    faults: [{ where, message: 'expected a plain name, or a password of 8 to 128 letters, digits, "_" and "-"' }],
    remedy: 'Choose another.',
  });
}
