import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { extensionSchema } from '../../route/node.js';

/** An endpoint has a new password. */
export const CredentialRotatedV1 = defineEvent({
  name: 'CredentialRotated',
  version: 1,
  domain: 'tenants',
  aggregate: 'endpoint',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'An endpoint has a new password.',
  data: z.object({
    extension: extensionSchema,
    sipUser: z.string(),
    credentialRevision: z.int().positive(),
  }),
  example: { extension: '202', sipUser: 'demo_202', credentialRevision: 2 },
});
