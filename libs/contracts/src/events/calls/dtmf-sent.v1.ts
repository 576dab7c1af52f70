import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Digits were sent to one party of the call. Masked when whoever sent them said that they are secret. */
export const DtmfSentV1 = defineEvent({
  name: 'DtmfSent',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'Digits were sent to one party of the call. Masked when whoever sent them said that they are secret.',
  data: z.object({
    callId: z.uuid().describe('The call: one caller’s journey.'),
    legId: z.uuid(),
    to: z.enum(['caller', 'other']),
    digits: z.string().regex(/^([0-9*#A-D]+|•+)$/u).describe('The digits, or as many • when masked.'),
    masked: z.boolean(),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', legId: '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f', to: 'other', digits: '123#', masked: false },
});
