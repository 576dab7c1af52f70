import { addWebhookSchema, webhookViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { checked } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { verb } from '../verb.js';
import { showWebhook } from './webhook-text.js';

export const webhooksAdd = verb(
  'add <to>',
  'Has a tenant’s own system told of its events; the secret that signs them is shown once',
  (yargs) =>
    yargs
      .positional('to', { type: 'string', demandOption: true, describe: 'Where to: an https URL' })
      .option('types', { type: 'string', array: true, default: ['*'], describe: 'Which events: *, calls.*, CallEnded.v1; may be repeated' })
      .option('description', { type: 'string', default: '', requiresArg: true, describe: 'What it is' })
      .option('secret-file', { type: 'string', requiresArg: true, describe: 'Write the secret there (mode 0600) instead of showing it' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const body = checked('the webhook', addWebhookSchema, { url: args.to, types: args.types, description: args.description });
    const webhook = await session.api.ask({ method: 'POST', path: path('api', 'tenants', session.context.tenant(args.tenant), 'webhooks'), body }, webhookViewSchema);
    showWebhook(session, webhook, args.secretFile);
    return EXIT.ok;
  },
);
