import { z } from 'zod';
import { environmentNameSchema } from '../../declaration/environment.js';
import { defineCommand } from '../define-command.js';

/**
 * As whom Twilio's rail calls our Asterisk, by environment: all of them, since who isn't named is let in no more. Only digests
 * (HA1 = MD5(user:realm:password), RFC 7616 section 3.4.2), for the schema that Asterisk reads; the passwords stay with provisioning.
 */
export const EdgeTrunksV1 = defineCommand({
  service: 'provisioning',
  verb: 'edge-trunks',
  version: 1,
  clients: ['ari-gateway'],
  summary: 'The SIP digests with which Twilio’s rail calls our Asterisk.',
  timeoutMs: 2_000,
  request: z.object({}),
  reply: z.object({ trunks: z.array(z.object({ environment: environmentNameSchema, sipUser: z.string(), realm: z.string(), ha1: z.string().regex(/^[0-9a-f]{32}$/) })) }),
});
