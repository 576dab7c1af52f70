import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A figure of a tenant is not what it has to be: said once per figure and day. */
export const KpiMissedV1 = defineEvent({
  name: 'KpiMissed',
  version: 1,
  domain: 'tenants',
  aggregate: 'tenant',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A figure of a tenant is not what it has to be: said once per figure and day.',
  data: z.object({
    kpi: z.string().max(40).describe('connection, setup, registration, registration_time, availability, audio, complaints; more may come.'),
    day: z.iso.date().describe('Of the tenant’s time zone.'),
    target: z.string().max(80),
    value: z.string().max(80),
    basis: z.enum(['measured', 'inferred']).optional(),
    observations: z.int().nonnegative().optional().describe('How many things it is reckoned from.'),
    detail: z.string().max(500).describe('What it is reckoned from, and what to look at.'),
  }),
  example: { kpi: 'connection', day: '2026-11-30', target: '> 95 %', value: '91.3 %', detail: '2 of 23 calls reached nobody; 2 legs were refused by SIP with 4xx' },
});
