import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { routeCodeSchema, routeSchema } from '../../route/route.js';

/** A route has a new revision; the whole of it is here. */
export const RouteUpdatedV1 = defineEvent({
  name: 'RouteUpdated',
  version: 1,
  domain: 'tenants',
  aggregate: 'route',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'A route has a new revision; the whole of it is here.',
  data: z.object({
    code: routeCodeSchema,
    revision: z.int().positive(),
    route: routeSchema,
  }),
  example: { code: 'main', revision: 3, route: { name: 'Main', extension: '100', language: 'es', start: 'agent', nodes: { agent: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' }, people: { kind: 'queue', queue: 'people', onTimeout: 'bye' }, bye: { kind: 'hangup' } } } },
});
