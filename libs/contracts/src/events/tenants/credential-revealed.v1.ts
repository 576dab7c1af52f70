import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { extensionSchema } from '../../route/node.js';

/** Somebody was shown the password of a phone. */
export const CredentialRevealedV1 = defineEvent({
  name: 'CredentialRevealed',
  version: 1,
  domain: 'tenants',
  aggregate: 'endpoint',
  producers: ['provisioning'],
  consumers: [],
  summary: 'Somebody was shown the password of a phone.',
  data: z.object({
    environment: z.string(),
    extension: extensionSchema,
    username: z.string(),
    by: z.string().describe('Name of the API key.'),
  }),
  example: { environment: 'prod', extension: '201', username: '+56229145248-office', by: 'admin' },
});
