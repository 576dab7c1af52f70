import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { kpiTargetSchema } from '../../http/kpis.js';

/** A tenant’s week is over and reckoned up: said once per tenant and week. */
export const ReportReadyV1 = defineEvent({
  name: 'ReportReady',
  version: 1,
  domain: 'tenants',
  aggregate: 'tenant',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A tenant’s week is over and reckoned up: said once per tenant and week.',
  data: z.object({
    from: z.iso.date().describe('A Monday.'),
    to: z.iso.date().describe('The Sunday after.'),
    calls: z.int().nonnegative(),
    answered: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    minutes: z.int().nonnegative(),
    cost: z.array(z.object({ currency: z.string(), micros: z.int().nonnegative() })),
    complaints: z.int().nonnegative().optional(),
    targets: z.array(kpiTargetSchema.extend({ kpi: z.string().max(40) })).optional().describe('What had to be, and what was; `not_measured` where nothing was seen.'),
    text: z.string().max(8_000).describe('The report for people.'),
    location: z.string().describe('Where it is as JSON; with &format=text or csv as that.'),
  }),
  example: {
    from: '2026-11-23', to: '2026-11-29', calls: 120, answered: 117, failed: 1, minutes: 340, cost: [{ currency: 'USD', micros: 3_120_000 }],
    text: 'Calls of demo from 2026-11-23 to 2026-11-29: 120, of which 117 were answered.', location: '/api/tenants/demo/kpis?from=2026-11-23&to=2026-11-29',
  },
});
