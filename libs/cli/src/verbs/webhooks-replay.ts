import { replayWebhookSchema, webhookReplaySchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { checked } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { oneWebhook } from './webhook-text.js';

export const webhooksReplay = verb(
  'replay <id>',
  'Sends again what a webhook did not take, under the same ids',
  (yargs) =>
    oneWebhook(yargs)
      .option('since', { type: 'string', demandOption: true, requiresArg: true, describe: 'Events from this time on: 2026-11-30T08:00:00Z' })
      .option('until', { type: 'string', requiresArg: true, describe: 'Events up to this time' })
      .option('delivered', { type: 'boolean', default: false, describe: 'Also what it has taken already' }),
  async (args, session) => {
    const body = checked('the range', replayWebhookSchema, { since: args.since, delivered: args.delivered, ...(args.until !== undefined && { until: args.until }) });
    const at = path('api', 'tenants', session.context.tenant(args.tenant), 'webhooks', args.id, 'replay');
    const { queued } = await session.api.ask({ method: 'POST', path: at, body }, webhookReplaySchema);
    show(session, { queued }, () => `${String(queued)} events are sent again\n`);
    return EXIT.ok;
  },
);
