import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The caller pressed a digit. Masked while a secret is being collected. */
export const DtmfReceivedV1 = defineEvent({
  name: 'DtmfReceived',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway'],
  summary: 'The caller pressed a digit. Masked while a secret is being collected.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    digit: z.string().regex(/^([0-9*#A-D]|•)$/u).describe('The digit, or • when masked.'),
    masked: z.boolean(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', digit: '0', masked: false },
});
