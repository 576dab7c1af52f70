import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A call has begun: said once per call, before any other event of it. */
export const CallStartedV1 = defineEvent({
  name: 'CallStarted',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway', 'collections-dialer'],
  summary: 'A call has begun: said once per call, before any other event of it.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    direction: z.enum(['inbound', 'outbound', 'internal']),
    from: z.string().max(80).describe('Caller as dialled or presented: E.164, extension or empty.'),
    to: z.string().max(80).describe('Dialled number.'),
    edgeId: z.string().min(1),
    rail: z.enum(['asterisk', 'twilio']),
    route: z.object({ code: z.string(), revision: z.int().nonnegative() }).optional().describe('The route in force, pinned for the whole call.'),
    viaFallback: z.boolean().optional().describe('The dialplan’s fallback served the caller first, while no gateway was there.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', direction: 'inbound', from: '+56225550101', to: '100', edgeId: 'edge-1', rail: 'asterisk', route: { code: 'main', revision: 3 } },
});
