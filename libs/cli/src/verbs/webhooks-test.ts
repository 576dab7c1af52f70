import { webhookTestSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { oneWebhook } from './webhook-text.js';

export const webhooksTest = verb('test <id>', 'Sends a webhook a signed test message now, and says how it went', oneWebhook, async (args, session) => {
  const at = path('api', 'tenants', session.context.tenant(args.tenant), 'webhooks', args.id, 'test');
  const outcome = await session.api.ask({ method: 'POST', path: at }, webhookTestSchema);
  show(session, outcome, () => (outcome.delivered ? `taken (${String(outcome.status)}) in ${String(outcome.tookMs)} ms\n` : `not taken: ${outcome.reason ?? ''}\n`));
  return outcome.delivered ? EXIT.ok : EXIT.failed;
});
