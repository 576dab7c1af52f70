import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A tenant may place no calls until it is updated to active again. */
export const TenantSuspendedV1 = defineEvent({
  name: 'TenantSuspended',
  version: 1,
  domain: 'tenants',
  aggregate: 'tenant',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'A tenant may place no calls until it is updated to active again.',
  data: z.object({
    reason: z.string().max(500),
    revision: z.int().positive(),
  }),
  example: { reason: 'unpaid', revision: 3 },
});
