import { z } from 'zod';
import { environmentNameSchema } from '../../declaration/environment.js';
import { defineEvent } from '../../envelope/define-event.js';

/** Somebody dialled an emergency number and there was no way to reach it. */
export const EmergencyUnreachableV1 = defineEvent({
  name: 'EmergencyUnreachable',
  version: 1,
  domain: 'tenants',
  aggregate: 'emergency',
  producers: ['provisioning'],
  consumers: [],
  summary: 'Somebody dialled an emergency number, neither Twilio nor a line of the tenant’s own carries it there, and the caller was told so. A person should look now.',
  data: z.object({
    environment: environmentNameSchema,
    callId: z.string().max(64),
    number: z.string().regex(/^\d{2,4}$/).describe('The emergency number.'),
    country: z.string().regex(/^[A-Z]{2}$/),
    extension: z.string().max(16).optional().describe('The phone that called.'),
    acknowledged: z.boolean().describe('The tenant had acknowledged that there is no way.'),
  }),
  example: { environment: 'prod', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', number: '133', country: 'CL', extension: '201', acknowledged: true },
});
