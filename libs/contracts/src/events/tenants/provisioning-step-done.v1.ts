import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** One change of an account is made. Told again by a run that was taken up after a crash, when it isn’t known whether it was told. */
export const ProvisioningStepDoneV1 = defineEvent({
  name: 'ProvisioningStepDone',
  version: 1,
  domain: 'tenants',
  aggregate: 'run',
  producers: ['provisioning'],
  consumers: [],
  summary: 'One change of an account is made. Told again by a run that was taken up after a crash, when it isn’t known whether it was told.',
  data: z.object({
    run: z.string(),
    environment: z.string(),
    step: z.string().describe('Natural key of what it changed.'),
    says: z.string().describe('In words.'),
  }),
  example: { run: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', environment: 'prod', step: 'list:PLAZA_NORTE_Credentials', says: 'makes the credential list PLAZA_NORTE_Credentials' },
});
