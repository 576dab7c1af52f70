import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A gateway holds this edge and has reconciled its calls. */
export const EdgeConnectedV1 = defineEvent({
  name: 'EdgeConnected',
  version: 1,
  domain: 'calls',
  aggregate: 'edge',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'A gateway holds this edge and has reconciled its calls.',
  data: z.object({
    edgeId: z.string(),
    version: z.string().describe('Asterisk’s own version.'),
    reownedCalls: z.int().nonnegative(),
    endedCalls: z.int().nonnegative().describe('Calls that had ended while nobody was looking.'),
  }),
  example: { edgeId: 'edge-1', version: '22.10.1', reownedCalls: 2, endedCalls: 1 },
});
