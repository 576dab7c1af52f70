import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';
import { environmentNameSchema } from '../../declaration/environment.js';

/** The password with which Twilio’s rail calls our Asterisk for an environment is another one, or there is none any more. */
export const EdgeTrunksChangedV1 = defineEvent({
  name: 'EdgeTrunksChanged',
  version: 1,
  domain: 'tenants',
  aggregate: 'environment',
  producers: ['provisioning'],
  consumers: ['ari-gateway'],
  summary: 'The password with which Twilio’s rail calls our Asterisk for an environment is another one, or there is none any more.',
  data: z.object({
    environment: environmentNameSchema,
    credentialRevision: z.int().positive().nullable().describe('null: calls of that environment are let in no more.'),
  }),
  example: { environment: 'prod', credentialRevision: 1 },
});
