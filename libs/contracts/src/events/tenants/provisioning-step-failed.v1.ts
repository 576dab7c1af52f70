import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** One change of an account was refused; those that need it are not tried. */
export const ProvisioningStepFailedV1 = defineEvent({
  name: 'ProvisioningStepFailed',
  version: 1,
  domain: 'tenants',
  aggregate: 'run',
  producers: ['provisioning'],
  consumers: [],
  summary: 'One change of an account was refused; those that need it are not tried.',
  data: z.object({
    run: z.string(),
    environment: z.string(),
    step: z.string(),
    says: z.string(),
    code: z.string(),
    detail: z.string().max(2_000).describe('Facts; no secret.'),
    remedy: z.string().max(2_000).optional(),
  }),
  example: { run: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', environment: 'prod', step: 'number:+56229145248', says: 'buys +56229145248', code: 'bundle_missing', detail: 'Twilio refused number +56229145248 (21649).', remedy: 'File a regulatory bundle.' },
});
