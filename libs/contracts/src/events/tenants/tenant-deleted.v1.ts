import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A tenant is gone with all that belonged to it. */
export const TenantDeletedV1 = defineEvent({
  name: 'TenantDeleted',
  version: 1,
  domain: 'tenants',
  aggregate: 'tenant',
  producers: ['provisioning'],
  consumers: ['ari-gateway', 'pbx-adapters'],
  summary: 'A tenant is gone with all that belonged to it.',
  data: z.object({
    revision: z.int().positive(),
  }),
  example: { revision: 4 },
});
