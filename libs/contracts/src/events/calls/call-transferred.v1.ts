import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The caller was sent on to somebody or something else; the call goes on. */
export const CallTransferredV1 = defineEvent({
  name: 'CallTransferred',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway'],
  summary: 'The caller was sent on to somebody or something else; the call goes on.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    kind: z.enum(['endpoint', 'queue', 'agent', 'route', 'number']),
    target: z.string(),
    requestedBy: z.enum(['caller', 'agent', 'api']),
    mode: z.enum(['cold', 'warm']).optional().describe('warm: the target was spoken to first and hears the caller from now on.'),
    reason: z.string().max(500).optional(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', kind: 'queue', target: 'people', requestedBy: 'caller' },
});
