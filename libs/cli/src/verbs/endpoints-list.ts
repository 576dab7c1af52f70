import { endpointListSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const endpointsList = verb(
  'list',
  'The telephones of a tenant',
  (yargs) => yargs.option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const { endpoints } = await session.api.ask({ path: path('api', 'tenants', session.context.tenant(args.tenant), 'endpoints') }, endpointListSchema);
    show(session, endpoints, () =>
      table(
        endpoints,
        [
          { title: 'EXTENSION', value: (endpoint) => endpoint.extension },
          { title: 'NAME', value: (endpoint) => endpoint.displayName },
          { title: 'SIP USER', value: (endpoint) => endpoint.sipUser },
          { title: 'ROLE', value: (endpoint) => endpoint.role },
          { title: 'QUEUES', value: (endpoint) => endpoint.queues.join(', ') },
          { title: 'STATE', value: (endpoint) => (endpoint.enabled ? 'enabled' : 'disabled') },
        ],
        'No endpoints yet. Add one: troncal endpoints add 210 --name Reception',
      ),
    );
    return EXIT.ok;
  },
);
