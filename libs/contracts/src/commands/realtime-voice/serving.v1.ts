import { z } from 'zod';
import { defineCommand } from '../define-command.js';

/** Asked by a replica that drains: is there another one that takes calls? Nobody answers when there is none. */
export const ServingV1 = defineCommand({
  service: 'realtime-voice',
  verb: 'serving',
  version: 1,
  clients: ['realtime-voice'],
  summary: 'Names a replica that takes new calls.',
  timeoutMs: 500,
  request: z.object({}),
  reply: z.object({ replica: z.string() }),
});
