import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { extensionSchema, queueNameSchema } from '../../route/node.js';

/** An endpoint was declared or changed. Its secret is asked for by command, never told here. */
export const EndpointUpdatedV1 = defineEvent({
  name: 'EndpointUpdated',
  version: 1,
  domain: 'tenants',
  aggregate: 'endpoint',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'An endpoint was declared or changed. Its secret is asked for by command, never told here.',
  data: z.object({
    extension: extensionSchema,
    sipUser: z.string(),
    displayName: z.string(),
    role: z.string(),
    queues: z.array(queueNameSchema).describe('Queues that this endpoint is a member of.'),
    enabled: z.boolean(),
    revision: z.int().positive(),
    credentialRevision: z.int().positive(),
  }),
  example: { extension: '202', sipUser: 'demo_202', displayName: 'Office', role: 'office', queues: [], enabled: true, revision: 1, credentialRevision: 1 },
});
