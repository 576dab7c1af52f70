import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Nobody took the call that was sent on, or the transfer was called off. */
export const TransferFailedV1 = defineEvent({
  name: 'TransferFailed',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'Nobody took the call that was sent on, or the transfer was called off.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    mode: z.enum(['cold', 'warm']),
    kind: z.enum(['endpoint', 'number']),
    target: z.string(),
    outcome: z.enum(['no_answer', 'busy', 'rejected', 'failed', 'left', 'cancelled']).describe('`left`: the target hung up during the consultation.'),
    returnedTo: z.enum(['transferor', 'route', 'nobody']).describe('Whom the caller is with, or rings at, from now on.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', mode: 'cold', kind: 'endpoint', target: '204', outcome: 'no_answer', returnedTo: 'transferor' },
});
