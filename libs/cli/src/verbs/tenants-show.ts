import { declaredTenantSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT } from '../exit-codes.js';
import { facts, table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const tenantsShow = verb(
  'show <tenant>',
  'A declared tenant with its phones and numbers at Twilio',
  (yargs) => yargs.positional('tenant', { type: 'string', demandOption: true, describe: 'Its code' }).option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const view = await session.api.ask({ path: path('api', 'environments', environment, 'tenants', args.tenant.toLowerCase()) }, declaredTenantSchema);
    show(session, view, () =>
      [
        facts([
          ['tenant', view.tenant],
          ['name', view.declaration.name],
          ['state', view.legacy ? `${view.state}, as it was found` : view.state],
          ['revision', view.revision],
          ['routes', Object.keys(view.declaration.routes).join(', ')],
        ]),
        table(
          view.numbers,
          [
            { title: 'NUMBER', value: ({ e164 }) => e164 },
            { title: 'ROUTE', value: ({ route }) => route },
            { title: 'STATE', value: ({ state }) => state },
            { title: 'WHY', value: ({ why }) => why },
            { title: 'WHO', value: ({ who }) => who },
          ],
          'No numbers.',
        ),
        table(
          view.users,
          [
            { title: 'EXTENSION', value: ({ extension }) => extension },
            { title: 'ROLE', value: ({ role }) => role },
            { title: 'SIP USER', value: ({ username }) => username },
            { title: 'DOMAIN', value: ({ domain }) => domain },
            { title: 'STATE', value: ({ state }) => state },
          ],
          'No phones.',
        ),
      ].join('\n'),
    );
    return EXIT.ok;
  },
);
