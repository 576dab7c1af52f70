import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { extensionSchema } from '../../route/node.js';

/** A phone’s SIP user is at Twilio with this password; said again for each password. */
export const EndpointProvisionedV1 = defineEvent({
  name: 'EndpointProvisioned',
  version: 1,
  domain: 'tenants',
  aggregate: 'endpoint',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A phone’s SIP user is at Twilio with this password; said again for each password.',
  data: z.object({
    environment: z.string(),
    extension: extensionSchema,
    username: z.string(),
    domain: z.string().describe('SIP domain to register at.'),
    credentialRevision: z.int().positive(),
  }),
  example: { environment: 'prod', extension: '201', username: '+56229145248-office', domain: 'communities.sip.twilio.com', credentialRevision: 1 },
});
