import { z } from 'zod';
import { defineCommand } from '../define-command.js';

/**
 * Whether a replica has taken the leg's connection. Asked for legs of AudioSocket, whose protocol gives Asterisk no answer: a connection that nobody
 * serves looks to it like one that is silent.
 */
export const LegTakenV1 = defineCommand({
  service: 'realtime-voice',
  verb: 'leg-taken',
  version: 1,
  clients: ['ari-gateway'],
  summary: 'Tells whether a media leg has been taken by its agent.',
  timeoutMs: 500,
  request: z.object({ legId: z.uuid() }),
  reply: z.object({ taken: z.boolean() }),
});
