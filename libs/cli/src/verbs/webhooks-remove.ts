import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { oneWebhook } from './webhook-text.js';

export const webhooksRemove = verb('remove <id>', 'Has a system told of no more events, and forgets what it still was to get', oneWebhook, async (args, session) => {
  await session.api.tell({ method: 'DELETE', path: path('api', 'tenants', session.context.tenant(args.tenant), 'webhooks', args.id) });
  show(session, { removed: args.id }, () => `${args.id} is removed\n`);
  return EXIT.ok;
});
