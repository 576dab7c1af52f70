import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A number no longer belongs to this tenant. */
export const NumberReleasedV1 = defineEvent({
  name: 'NumberReleased',
  version: 1,
  domain: 'tenants',
  aggregate: 'number',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'A number no longer belongs to this tenant.',
  data: z.object({
    number: z.string().regex(/^\+[1-9]\d{6,14}$/).describe('E.164.'),
    revision: z.int().positive(),
  }),
  example: { number: '+56225550100', revision: 2 },
});
