import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const endpointsRemove = verb(
  'remove <extension>',
  'Removes a telephone; it can no longer register',
  (yargs) =>
    yargs
      .positional('extension', { type: 'string', demandOption: true, describe: 'Its number' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const tenant = session.context.tenant(args.tenant);
    await session.api.tell({ method: 'DELETE', path: path('api', 'tenants', tenant, 'endpoints', args.extension) });
    show(session, { tenant, extension: args.extension, removed: true }, () => `extension ${args.extension} of ${tenant} is gone\n`);
    return EXIT.ok;
  },
);
