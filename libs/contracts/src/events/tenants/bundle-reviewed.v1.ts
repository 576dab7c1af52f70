import { z } from 'zod';
import { environmentNameSchema } from '../../declaration/environment.js';
import { e164Schema } from '../../http/provisioning.js';
import { defineEvent } from '../../envelope/define-event.js';

/** Twilio's people have decided about the regulatory bundle that a number waits for. */
export const BundleReviewedV1 = defineEvent({
  name: 'BundleReviewed',
  version: 1,
  domain: 'tenants',
  aggregate: 'bundle',
  producers: ['provisioning'],
  consumers: [],
  summary: 'Twilio’s people have decided about the regulatory bundle that a number waits for; said once per decision. Approved, a run buys the number by itself.',
  data: z.object({
    environment: environmentNameSchema,
    bundle: z.string().max(34),
    outcome: z.enum(['approved', 'rejected']),
    reason: z.string().max(500).optional().describe('Of the documents that were rejected, as Twilio says it.'),
    number: e164Schema,
    who: z.string().max(300).describe('Who has to do what now.'),
  }),
  example: {
    environment: 'prod', bundle: 'BU0123456789abcdef0123456789abcdef', outcome: 'rejected', reason: 'The bill is older than three months', number: '+56229145248',
    who: 'You: mend what is named in that same bundle, and hand it in again.',
  },
});
