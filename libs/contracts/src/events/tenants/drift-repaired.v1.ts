import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** What had drifted is as declared again. */
export const DriftRepairedV1 = defineEvent({
  name: 'DriftRepaired',
  version: 1,
  domain: 'tenants',
  aggregate: 'environment',
  producers: ['provisioning'],
  consumers: [],
  summary: 'What had drifted is as declared again.',
  data: z.object({
    environment: z.string(),
    run: z.string(),
    keys: z.array(z.string()).max(1_000),
  }),
  example: { environment: 'prod', run: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', keys: ['number:+56229145248'] },
});
