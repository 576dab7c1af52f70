import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The caller has left the queue, and how. */
export const QueueLeftV1 = defineEvent({
  name: 'QueueLeft',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway', 'ticketing'],
  summary: 'The caller has left the queue, and how.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    queue: z.string(),
    outcome: z.enum(['connected', 'abandoned', 'timeout', 'no_members']),
    waitedMs: z.int().nonnegative(),
    from: z.string().max(80).describe('Caller as dialled or presented: E.164, extension or empty.'),
    summary: z.string().max(4_000).optional(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', queue: 'people', outcome: 'no_members', waitedMs: 40, from: '+56225550101' },
});
