import { webhookDeliveryListSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { oneWebhook } from './webhook-text.js';

export const webhooksDeliveries = verb('deliveries <id>', 'What became of the latest events for a webhook', oneWebhook, async (args, session) => {
  const at = path('api', 'tenants', session.context.tenant(args.tenant), 'webhooks', args.id, 'deliveries');
  const { deliveries } = await session.api.ask({ path: at }, webhookDeliveryListSchema);
  show(session, deliveries, () =>
    table(
      deliveries,
      [
        { title: 'ID', value: ({ id }) => id },
        { title: 'EVENT', value: ({ type }) => type },
        { title: 'TIME', value: ({ time }) => time.slice(0, 19).replace('T', ' ') },
        { title: 'STATE', value: ({ state }) => state },
        { title: 'TRIES', value: ({ attempts }) => String(attempts) },
        { title: 'NEXT', value: ({ nextTryAt }) => nextTryAt?.slice(0, 19).replace('T', ' ') ?? '' },
        { title: 'WHY', value: ({ lastFailure }) => lastFailure ?? '' },
      ],
      'Nothing has been queued for it yet.',
    ),
  );
  return EXIT.ok;
});
