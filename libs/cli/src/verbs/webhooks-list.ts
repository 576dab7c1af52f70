import { webhookListSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { webhookState } from './webhook-text.js';

export const webhooksList = verb(
  'list',
  'The systems that are told of a tenant’s events, and whether they take them',
  (yargs) => yargs.option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const { webhooks } = await session.api.ask({ path: path('api', 'tenants', session.context.tenant(args.tenant), 'webhooks') }, webhookListSchema);
    show(session, webhooks, () =>
      table(
        webhooks,
        [
          { title: 'ID', value: ({ id }) => id },
          { title: 'URL', value: ({ url }) => url },
          { title: 'EVENTS', value: ({ types }) => types.join(', ') },
          { title: 'LAST TAKEN', value: ({ lastSuccessAt }) => lastSuccessAt?.slice(0, 16).replace('T', ' ') ?? '' },
          { title: 'STATE', value: (webhook) => webhookState(webhook) },
        ],
        'No webhooks yet. Add one: troncal webhooks add https://crm.example.com/troncal --types "calls.*"',
      ),
    );
    return EXIT.ok;
  },
);
