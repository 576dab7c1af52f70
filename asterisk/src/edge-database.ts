import { PermanentError } from '@troncal/kernel';

export interface EdgeDatabase {
  /** The database's name. */
  readonly database: string;
  /** The role that runs ari-gateway's migrations; it will own the schema `edge` and the views in it. */
  readonly ownerRole: string;
  /** The new password of `asterisk_reader`: letters, digits, `_` and `-`. */
  readonly readerPassword: string;
}

/** As whom Asterisk reads. */
export const EDGE_READER = 'asterisk_reader';

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Statements that make the schema `edge` and the role `asterisk_reader`, which may read what the migrations put there and nothing else. For an
 * administrator's connection to that database, after the service's own roles and before its migrations; harmless again and again.
 * @throws PermanentError naming every name or password that would need quoting
 */
export function edgeDatabaseSql({ database, ownerRole, readerPassword }: EdgeDatabase): readonly string[] {
  const faults = [
    ...(NAME.test(database) ? [] : [{ where: 'database', message: 'expected a plain lower-case name' }]),
    ...(NAME.test(ownerRole) ? [] : [{ where: 'ownerRole', message: 'expected a plain lower-case name' }]),
    ...(/^[A-Za-z0-9_-]{8,128}$/.test(readerPassword) ? [] : [{ where: 'readerPassword', message: 'expected 8 to 128 letters, digits, "_" and "-"' }]),
  ];
  if (faults.length > 0) {
    throw new PermanentError('bad_edge_database', `The edge's database role can't be made: ${faults.map((fault) => `${fault.where}: ${fault.message}`).join('; ')}.`, {
      faults,
      remedy: 'Choose others.',
    });
  }
  return [
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${EDGE_READER}') THEN CREATE ROLE ${EDGE_READER}; END IF; END $$`,
    `ALTER ROLE ${EDGE_READER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${readerPassword}'`,
    // A lock or a slow plan must never hold up SIP: Asterisk waits for its one connection.
    `ALTER ROLE ${EDGE_READER} SET statement_timeout = '2s'`,
    `ALTER ROLE ${EDGE_READER} SET default_transaction_read_only = on`,
    `GRANT CONNECT ON DATABASE ${database} TO ${EDGE_READER}`,
    // Only a member of the new owner may give the schema to it, unless superuser.
    `GRANT ${ownerRole} TO CURRENT_USER`,
    `CREATE SCHEMA IF NOT EXISTS edge AUTHORIZATION ${ownerRole}`,
    `GRANT USAGE ON SCHEMA edge TO ${EDGE_READER}`,
  ];
}
