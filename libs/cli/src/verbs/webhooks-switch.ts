import { webhookViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { verb, type Verb } from '../verb.js';
import { oneWebhook, showWebhook } from './webhook-text.js';

const switched = (word: string, describe: string, enabled: boolean): Verb =>
  verb(`${word} <id>`, describe, oneWebhook, async (args, session) => {
    const at = path('api', 'tenants', session.context.tenant(args.tenant), 'webhooks', args.id);
    showWebhook(session, await session.api.ask({ method: 'PATCH', path: at, body: { enabled } }, webhookViewSchema));
    return EXIT.ok;
  });

export const webhooksEnable = switched('enable', 'Switches a webhook on again; what came meanwhile is sent by a replay', true);
export const webhooksDisable = switched('disable', 'Switches a webhook off; what comes from now on is kept for a replay', false);
