import { z } from 'zod';
import { defineCommand } from '../define-command.js';
import { tenantSchema } from '../../envelope/tenant-code.js';
import { extensionSchema } from '../../route/node.js';

/**
 * The digest (HA1 = MD5(user:realm:password), RFC 7616 section 3.4.2) of one endpoint, for the schema that Asterisk reads.
 * The only way a credential leaves provisioning; never an event.
 */
export const EndpointDigestV1 = defineCommand({
  service: 'provisioning',
  verb: 'endpoint-digest',
  version: 1,
  clients: ['ari-gateway'],
  summary: 'The SIP digest of one endpoint.',
  timeoutMs: 2_000,
  request: z.object({ tenant: tenantSchema, extension: extensionSchema }),
  reply: z.object({
    sipUser: z.string(),
    realm: z.string(),
    ha1: z.string().regex(/^[0-9a-f]{32}$/),
    credentialRevision: z.int().positive(),
  }),
});
