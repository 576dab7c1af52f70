import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A carrier's platform has told us of an error of its own or of ours. At least once for each: `errorId` is the same when it is told again. */
export const RailErrorReportedV1 = defineEvent({
  name: 'RailErrorReported',
  version: 1,
  domain: 'calls',
  aggregate: 'rail-error',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A carrier’s platform has told of an error, of its own or of ours; `errorId` is the same when it is told again.',
  data: z.object({
    rail: z.literal('twilio'),
    environment: z.string(),
    errorId: z.string().max(64).describe('The carrier’s own id of it.'),
    code: z.string().max(16).describe('The carrier’s own: https://www.twilio.com/docs/api/errors'),
    level: z.enum(['error', 'warning']),
    message: z.string().max(500),
    callId: z.uuid().optional().describe('The call that it came in, where it did in one.'),
    resourceId: z.string().max(64).optional().describe('What the carrier says that it is about.'),
    at: z.iso.datetime({ offset: true }),
  }),
  example: { rail: 'twilio', environment: 'prod', errorId: 'NO0123456789abcdef0123456789abcdef', code: '32009', level: 'error', message: 'The user you tried to dial is not registered with the corresponding SIP Domain', callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', resourceId: 'CA0123456789abcdef0123456789abcdef', at: '2026-11-30T14:00:00.000Z' },
});
