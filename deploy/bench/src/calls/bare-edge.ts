import { createHash } from 'node:crypto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { createEdgeDatabase, pidByCommand, startAsterisk, startPostgres, type TestDatabase } from '@troncal/testing';
import { openPhones, PHONES } from './phones.js';
import type { Edge } from './troncal-edge.js';

const TENANT = 'bench';
const PASSWORD = 'password-of-bench';
const REALM = 'troncal';

/** An edge whose application comes and goes. */
export interface BareEdge extends Edge {
  /** Resolves when it is connected; what it gives ends it. */
  startBareApp(): Promise<() => Promise<void>>;
}

/** The same Asterisk with the same configuration and phones from the same views, and nothing of ours around it. */
export async function openBareEdge(): Promise<BareEdge> {
  const postgres = await startPostgres({ durable: true });
  const database = await createEdgeDatabase(postgres);
  await storePhones(database);
  const asterisk = await startAsterisk({ database });
  const accounts = PHONES.map((extension) => ({ extension, sipUser: `${TENANT}_${extension}`, password: PASSWORD }));
  const phones = await openPhones(accounts, { host: '127.0.0.1', port: asterisk.sipPort });
  const processes: Record<string, number> = { asterisk: pidByCommand(join(asterisk.values.dirs.state, '..', 'etc')), postgres: pidByCommand(`-p ${postgres.port}`) };
  return {
    ...phones,
    processes,
    startBareApp: async () => {
      const { host, port, user, password } = asterisk.ari;
      const app = fork(join(import.meta.dirname, 'bare-ari-app.js'), [host, String(port), user, password]);
      await once(app, 'message');
      if (app.pid !== undefined) processes['bare app'] = app.pid;
      return async () => {
        delete processes['bare app'];
        app.kill('SIGKILL');
        await once(app, 'exit');
      };
    },
    close: async () => {
      await phones.close();
      await asterisk.stop();
      await postgres.stop();
    },
  };
}

/** Rows as ari-gateway would have written them. */
async function storePhones(database: TestDatabase): Promise<void> {
  const logger = createLogger({ service: 'bench', level: 'silent' });
  const db = new Database({ url: database.ownerUrl, schema: database.schema, logger, applicationName: 'bench', poolSize: 1 });
  await db.run(`INSERT INTO tenants (tenant, name, country, language, time_zone, revision) VALUES ($1, $1, 'CL', 'es', 'America/Santiago', 1)`, [TENANT]);
  for (const extension of PHONES) {
    const user = `${TENANT}_${extension}`;
    const ha1 = createHash('md5').update(`${user}:${REALM}:${PASSWORD}`).digest('hex');
    await db.run(
      `INSERT INTO endpoints (tenant, extension, sip_user, display_name, role, queues, revision, credential_revision, ha1, realm, ha1_revision)
       VALUES ($1, $2, $3, $2, 'office', '{}', 1, 1, $4, $5, 1)`,
      [TENANT, extension, user, ha1, REALM],
    );
  }
  await db.close();
}
