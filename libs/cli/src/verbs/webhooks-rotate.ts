import { webhookViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { verb } from '../verb.js';
import { oneWebhook, showWebhook } from './webhook-text.js';

export const webhooksRotate = verb(
  'rotate <id>',
  'Gives a webhook a new secret, shown once; the old one signs too for a day',
  (yargs) => oneWebhook(yargs).option('secret-file', { type: 'string', requiresArg: true, describe: 'Write the secret there (mode 0600) instead of showing it' }),
  async (args, session) => {
    const at = path('api', 'tenants', session.context.tenant(args.tenant), 'webhooks', args.id, 'rotate');
    showWebhook(session, await session.api.ask({ method: 'POST', path: at }, webhookViewSchema), args.secretFile);
    return EXIT.ok;
  },
);
