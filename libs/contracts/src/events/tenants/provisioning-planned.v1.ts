import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A run knows what it has to do; said again when it is taken up after a crash. */
export const ProvisioningPlannedV1 = defineEvent({
  name: 'ProvisioningPlanned',
  version: 1,
  domain: 'tenants',
  aggregate: 'run',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A run knows what it has to do; said again when it is taken up after a crash.',
  data: z.object({
    run: z.string(),
    environment: z.string(),
    kind: z.enum(['apply', 'delete', 'rotate', 'promote', 'repair', 'cut-over', 'release']),
    tenants: z.array(z.string()),
    steps: z.int().nonnegative(),
    waiting: z.int().nonnegative().describe('Things that a person has to do.'),
  }),
  example: { run: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', environment: 'prod', kind: 'apply', tenants: ['plaza_norte'], steps: 6, waiting: 0 },
});
