import { endpointViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { verb } from '../verb.js';
import { showEndpoint } from './endpoint-text.js';

export const endpointsRotate = verb(
  'rotate <extension>',
  'Gives a telephone a new password, shown once; the old one stops working',
  (yargs) =>
    yargs
      .positional('extension', { type: 'string', demandOption: true, describe: 'Its number' })
      .option('password-file', { type: 'string', requiresArg: true, describe: 'Write the password there (mode 0600) instead of showing it' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const tenant = session.context.tenant(args.tenant);
    const endpoint = await session.api.ask({ method: 'POST', path: path('api', 'tenants', tenant, 'endpoints', args.extension, 'rotate') }, endpointViewSchema);
    showEndpoint(session, endpoint, args.passwordFile);
    return EXIT.ok;
  },
);
