import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A warm transfer begins: the caller hears music while the target is rung and spoken to. */
export const ConsultationStartedV1 = defineEvent({
  name: 'ConsultationStarted',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'A warm transfer begins: the caller hears music while the target is rung and spoken to.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    kind: z.enum(['endpoint', 'number']),
    target: z.string(),
    legId: z.uuid(),
    requestedBy: z.enum(['api', 'agent']),
    reason: z.string().max(500).optional(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', kind: 'endpoint', target: '204', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', requestedBy: 'api' },
});
