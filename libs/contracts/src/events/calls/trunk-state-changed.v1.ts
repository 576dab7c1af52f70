import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A trunk answers, or no longer answers. */
export const TrunkStateChangedV1 = defineEvent({
  name: 'TrunkStateChanged',
  version: 1,
  domain: 'calls',
  aggregate: 'trunk',
  producers: ['ari-gateway'],
  consumers: [],
  summary: 'A trunk answers, or no longer answers.',
  data: z.object({
    trunk: z.string(),
    state: z.enum(['reachable', 'unreachable', 'unknown']),
  }),
  example: { trunk: 'carrier-1', state: 'reachable' },
});
