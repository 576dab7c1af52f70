import { endpointExtensionSchema, endpointViewSchema, putEndpointSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { checked } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { showEndpoint } from './endpoint-text.js';
import { verb } from '../verb.js';

export const endpointsAdd = verb(
  'add <extension>',
  'Declares a telephone, or changes one; a new one’s password is shown once',
  (yargs) =>
    yargs
      .positional('extension', { type: 'string', demandOption: true, describe: 'Its number, digits' })
      .option('name', { type: 'string', demandOption: true, requiresArg: true, describe: 'Who or what it is' })
      .option('role', { type: 'string', default: 'office', requiresArg: true, describe: 'What it is for' })
      .option('queue', { type: 'string', array: true, default: [] as string[], describe: 'Queue it is a member of; may be repeated' })
      .option('disabled', { type: 'boolean', default: false, describe: 'Declared, but may not register' })
      .option('password-file', { type: 'string', requiresArg: true, describe: 'Write the password there (mode 0600) instead of showing it' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const extension = checked('the extension', endpointExtensionSchema, args.extension);
    const body = checked('the endpoint', putEndpointSchema, { displayName: args.name, role: args.role, queues: args.queue, enabled: !args.disabled });
    const tenant = session.context.tenant(args.tenant);
    const endpoint = await session.api.ask({ method: 'PUT', path: path('api', 'tenants', tenant, 'endpoints', extension), body }, endpointViewSchema);
    showEndpoint(session, endpoint, args.passwordFile);
    return EXIT.ok;
  },
);
