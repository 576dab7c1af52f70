import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A tenant’s routes of one environment are those of another from now on. */
export const EnvironmentPromotedV1 = defineEvent({
  name: 'EnvironmentPromoted',
  version: 1,
  domain: 'tenants',
  aggregate: 'tenant',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A tenant’s routes of one environment are those of another from now on.',
  data: z.object({
    from: z.string(),
    to: z.string(),
    revision: z.int().positive().describe('Of the declaration in the environment that was changed.'),
    run: z.string(),
  }),
  example: { from: 'dev', to: 'prod', revision: 4, run: '01K9ZQ4W2M6T8N0B3C5D7E9F1G' },
});
