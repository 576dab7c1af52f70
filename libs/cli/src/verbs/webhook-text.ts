import type { Argv } from 'yargs';
import type { WebhookView } from '@troncal/contracts';
import { writeFileSync } from 'node:fs';
import { facts } from '../output/table.js';
import { show, type Session } from '../session.js';
import type { GlobalArguments } from '../verb.js';

/** The options by which every verb on one webhook finds it. */
export const oneWebhook = (yargs: Argv<GlobalArguments>) =>
  yargs
    .positional('id', { type: 'string', demandOption: true, describe: 'Its id, from troncal webhooks list' })
    .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' });

/** In one word and why. */
export function webhookState({ disabled, failingSince, lastFailure }: WebhookView): string {
  if (disabled) return `off: ${disabled.reason}`;
  return failingSince === null ? 'on' : `failing since ${failingSince.slice(0, 16).replace('T', ' ')}: ${lastFailure ?? ''}`;
}

/** Shows a webhook as the API answered it. Its secret, which the API tells once, goes to `secretFile` when one is named. */
export function showWebhook(session: Session, webhook: WebhookView, secretFile?: string): void {
  const { secret, ...rest } = webhook;
  // 'wx': an existing file would keep its own mode, and might be read by others.
  if (secret !== undefined && secretFile !== undefined) writeFileSync(secretFile, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  show(session, secretFile === undefined ? webhook : rest, () =>
    facts([
      ['webhook', webhook.id],
      ['url', webhook.url],
      ['events', webhook.types.join(', ')],
      ['description', webhook.description],
      ...(secret === undefined ? [] : [['secret', secretFile === undefined ? `${secret}   (shown only now)` : `in ${secretFile}`] as const]),
      ...(webhook.oldSecretUntil === null ? [] : [['old secret', `signs too until ${webhook.oldSecretUntil}`] as const]),
      ['state', webhookState(webhook)],
    ]),
  );
}
