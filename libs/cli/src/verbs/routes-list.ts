import { routeListSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const routesList = verb(
  'list',
  'The routes of a tenant: what happens to its calls',
  (yargs) => yargs.option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const { routes } = await session.api.ask({ path: path('api', 'tenants', session.context.tenant(args.tenant), 'routes') }, routeListSchema);
    show(session, routes, () =>
      table(
        routes,
        [
          { title: 'CODE', value: (route) => route.code },
          { title: 'NAME', value: (route) => route.route.name },
          { title: 'EXTENSION', value: (route) => route.route.extension },
          { title: 'STEPS', value: (route) => Object.keys(route.route.nodes).length, align: 'right' },
          { title: 'RECORDED', value: (route) => (route.route.recording.enabled ? 'yes' : 'no') },
          { title: 'REVISION', value: (route) => route.revision, align: 'right' },
        ],
        'No routes yet. Add one: troncal routes apply main -f route.json',
      ),
    );
    return EXIT.ok;
  },
);
