import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A phone has registered: it can be reached. */
export const EndpointRegisteredV1 = defineEvent({
  name: 'EndpointRegistered',
  version: 1,
  domain: 'calls',
  aggregate: 'endpoint',
  producers: ['ari-gateway'],
  consumers: ['provisioning'],
  summary: 'A phone has registered: it can be reached.',
  data: z.object({
    sipUser: z.string(),
    extension: z.string(),
    contacts: z.int().positive(),
    userAgent: z.string().max(200).optional(),
  }),
  example: { sipUser: 'demo_202', extension: '202', contacts: 1, userAgent: 'troncal-phone' },
});
