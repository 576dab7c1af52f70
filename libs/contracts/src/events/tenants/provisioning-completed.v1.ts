import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A run is over: said once per run, after its steps. */
export const ProvisioningCompletedV1 = defineEvent({
  name: 'ProvisioningCompleted',
  version: 1,
  domain: 'tenants',
  aggregate: 'run',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A run is over: said once per run, after its steps.',
  data: z.object({
    run: z.string(),
    environment: z.string(),
    kind: z.enum(['apply', 'delete', 'rotate', 'promote', 'repair', 'cut-over', 'release']),
    outcome: z.enum(['whole', 'partial', 'failed']),
    done: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    skipped: z.int().nonnegative(),
    waiting: z.int().nonnegative(),
    tookMs: z.int().nonnegative().describe('From the first attempt on.'),
  }),
  example: { run: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', environment: 'prod', kind: 'apply', outcome: 'whole', done: 6, failed: 0, skipped: 0, waiting: 0, tookMs: 480 },
});
