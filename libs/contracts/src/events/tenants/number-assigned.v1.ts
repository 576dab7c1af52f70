import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { routeCodeSchema } from '../../route/route.js';

/** A number leads to a route of this tenant. */
export const NumberAssignedV1 = defineEvent({
  name: 'NumberAssigned',
  version: 1,
  domain: 'tenants',
  aggregate: 'number',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'A number leads to a route of this tenant.',
  data: z.object({
    number: z.string().regex(/^\+[1-9]\d{6,14}$/).describe('E.164.'),
    route: routeCodeSchema,
    revision: z.int().positive(),
  }),
  example: { number: '+56225550100', route: 'main', revision: 1 },
});
