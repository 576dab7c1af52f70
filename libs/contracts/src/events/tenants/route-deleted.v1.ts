import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { routeCodeSchema } from '../../route/route.js';

/** A route is gone; calls in progress keep theirs. */
export const RouteDeletedV1 = defineEvent({
  name: 'RouteDeleted',
  version: 1,
  domain: 'tenants',
  aggregate: 'route',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'A route is gone; calls in progress keep theirs.',
  data: z.object({
    code: routeCodeSchema,
    revision: z.int().positive(),
  }),
  example: { code: 'main', revision: 4 },
});
