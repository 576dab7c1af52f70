import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { extensionSchema } from '../../route/node.js';

/** An endpoint is gone; its phone can no longer register. */
export const EndpointRemovedV1 = defineEvent({
  name: 'EndpointRemoved',
  version: 1,
  domain: 'tenants',
  aggregate: 'endpoint',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'An endpoint is gone; its phone can no longer register.',
  data: z.object({
    extension: extensionSchema,
    sipUser: z.string(),
    revision: z.int().positive(),
  }),
  example: { extension: '202', sipUser: 'demo_202', revision: 3 },
});
