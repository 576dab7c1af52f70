import { z } from 'zod';
import { environmentNameSchema } from '../../declaration/environment.js';
import { e164Schema } from '../../http/provisioning.js';
import { defineEvent } from '../../envelope/define-event.js';

/** The request by which a number is brought here from another carrier stands otherwise than before. */
export const PortInChangedV1 = defineEvent({
  name: 'PortInChanged',
  version: 1,
  domain: 'tenants',
  aggregate: 'port-in',
  producers: ['provisioning'],
  consumers: [],
  summary: 'The request by which a number is brought here from another carrier stands otherwise than at the last look; said once per change. In the account, the number is taken up by itself.',
  data: z.object({
    environment: environmentNameSchema,
    request: z.string().max(34),
    status: z.string().max(60).describe('As Twilio names it: In review, Waiting for Signature, Action Required, In progress, Completed, Expired, Canceled; more may come.'),
    targetDate: z.iso.date().optional().describe('When it is meant to happen.'),
    reason: z.string().max(500).optional(),
    number: e164Schema,
    who: z.string().max(300).describe('Who has to do what now.'),
  }),
  example: { environment: 'prod', request: 'KW0123456789abcdef0123456789abcdef', status: 'In progress', targetDate: '2026-12-15', number: '+15035561000', who: 'The losing carrier: it lets the number go on that day. Keep its line until then.' },
});
