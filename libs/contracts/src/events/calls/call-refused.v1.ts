import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** A call was refused before it was served, and why. */
export const CallRefusedV1 = defineEvent({
  name: 'CallRefused',
  version: 1,
  domain: 'calls',
  aggregate: 'call',
  producers: ['ari-gateway', 'provisioning'],
  consumers: ['ari-gateway'],
  summary: 'A call was refused before it was served, and why.',
  data: z.object({
    callId: z.uuid(),
    from: z.string().max(80).describe('Caller as dialled or presented: E.164, extension or empty.'),
    to: z.string().max(80).describe('Dialled number.'),
    direction: z.enum(['inbound', 'outbound', 'internal']),
    reason: z.enum(['unknown_number', 'tenant_suspended', 'not_allowed', 'no_such_endpoint', 'edge_unreachable', 'invalid_number', 'overload']),
    cause: z.int().min(0).max(127),
    detail: z.string().max(500),
    denial: z.string().max(80).optional().describe('The dial guard’s own code, when it was the one who said no.'),
  }),
  example: { callId: '0198c2d4-5a10-7c3e-9d55-3f1f6f0a1b2c', from: '+56225550101', to: '+56229999999', direction: 'inbound', reason: 'unknown_number', cause: 1, detail: 'no tenant has this number: assign it with PUT /api/tenants/TENANT/numbers/NUMBER' },
});
