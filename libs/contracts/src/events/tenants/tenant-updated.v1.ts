import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { languageSchema } from '../../route/prompt.js';

/** A tenant’s particulars have changed, or it was taken out of suspension. */
export const TenantUpdatedV1 = defineEvent({
  name: 'TenantUpdated',
  version: 1,
  domain: 'tenants',
  aggregate: 'tenant',
  producers: ['provisioning'],
  consumers: ['ari-gateway', 'pbx-adapters'],
  summary: 'A tenant’s particulars have changed, or it was taken out of suspension.',
  data: z.object({
    name: z.string(),
    country: z.string().regex(/^[A-Z]{2}$/).describe('ISO 3166-1.'),
    language: languageSchema,
    timeZone: z.string().describe('IANA name.'),
    suspended: z.boolean().optional().describe('Whether it may place no calls as of this revision; absent means that it may.'),
    revision: z.int().positive(),
  }),
  example: { name: 'Condominio Los Aromos', country: 'CL', language: 'es', timeZone: 'America/Santiago', suspended: false, revision: 2 },
});
