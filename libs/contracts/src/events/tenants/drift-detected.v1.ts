import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** An account differs from what is declared; said once for each set of differences. */
export const DriftDetectedV1 = defineEvent({
  name: 'DriftDetected',
  version: 1,
  domain: 'tenants',
  aggregate: 'environment',
  producers: ['provisioning'],
  consumers: [],
  summary: 'An account differs from what is declared; said once for each set of differences.',
  data: z.object({
    environment: z.string(),
    differences: z.array(z.object({ key: z.string(), says: z.string().describe('What would mend it.'), by: z.string().nullable().describe('Who changed it, as Twilio’s Monitor tells.') })).max(200),
    more: z.int().nonnegative().describe('Differences beyond these.'),
  }),
  example: { environment: 'prod', differences: [{ key: 'number:+56229145248', says: 'sets the voice URL of +56229145248', by: 'USe0… from 203.0.113.7 (console)' }], more: 0 },
});
