import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** The gateway no longer hears from this edge; its callers meet the dialplan’s fallback. */
export const EdgeLostV1 = defineEvent({
  name: 'EdgeLost',
  version: 1,
  domain: 'calls',
  aggregate: 'edge',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'The gateway no longer hears from this edge; its callers meet the dialplan’s fallback.',
  data: z.object({
    edgeId: z.string(),
    reason: z.enum(['closed', 'silent', 'replaced', 'shutdown']),
  }),
  example: { edgeId: 'edge-1', reason: 'silent' },
});
