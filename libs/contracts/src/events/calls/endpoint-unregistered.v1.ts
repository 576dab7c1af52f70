import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The last contact of a phone is gone: it cannot be reached. */
export const EndpointUnregisteredV1 = defineEvent({
  name: 'EndpointUnregistered',
  version: 1,
  domain: 'calls',
  aggregate: 'endpoint',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The last contact of a phone is gone: it cannot be reached.',
  data: z.object({
    sipUser: z.string(),
    extension: z.string(),
    reason: z.enum(['unregistered', 'expired', 'unreachable']),
  }),
  example: { sipUser: 'demo_202', extension: '202', reason: 'expired' },
});
