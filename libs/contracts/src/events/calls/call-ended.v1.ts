import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The call is over: said exactly once per call, after all else but RecordingReady. */
export const CallEndedV1 = defineEvent({
  name: 'CallEnded',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway', 'collections-dialer', 'realtime-voice'],
  summary: 'The call is over: said exactly once per call, after all else but RecordingReady.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    from: z.string().max(80).describe('Caller as dialled or presented: E.164, extension or empty.'),
    to: z.string().max(80).describe('Dialled number.'),
    direction: z.enum(['inbound', 'outbound', 'internal']),
    disposition: z.enum(['answered', 'no_answer', 'busy', 'failed', 'abandoned', 'rejected']),
    endedBy: z.enum(['caller', 'far_end', 'route', 'agent', 'api', 'system']),
    cause: z.int().min(0).max(127).describe('ITU-T Q.850 cause.'),
    durationMs: z.int().nonnegative(),
    answeredMs: z.int().nonnegative().describe('Time from answer to end; 0 if never answered.'),
    recovered: z.boolean().optional().describe('The end was found by reconciliation, not seen as it happened.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', from: '+56225550101', to: '100', direction: 'inbound', disposition: 'answered', endedBy: 'caller', cause: 16, durationMs: 42010, answeredMs: 41900 },
});
