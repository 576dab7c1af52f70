import { routeViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { facts } from '../output/table.js';
import { show } from '../session.js';
import { describeNode } from './route-text.js';
import { verb } from '../verb.js';

export const routesShow = verb(
  'show <code>',
  'One route; with -o json the file that “apply” takes',
  (yargs) =>
    yargs
      .positional('code', { type: 'string', demandOption: true, describe: 'Its code' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const view = await session.api.ask({ path: path('api', 'tenants', session.context.tenant(args.tenant), 'routes', args.code) }, routeViewSchema);
    const { route } = view;
    show(session, route, () => {
      const heading = facts([
        ['route', view.code],
        ['name', route.name],
        ['revision', view.revision],
        ['extension', route.extension],
        ['language', route.language],
        ['recorded', route.recording.enabled ? 'yes' : 'no'],
        ['starts at', route.start],
      ]);
      return `${heading}\n${facts(Object.entries(route.nodes).map(([id, node]) => [id, describeNode(node)]), '  ')}`;
    });
    return EXIT.ok;
  },
);
