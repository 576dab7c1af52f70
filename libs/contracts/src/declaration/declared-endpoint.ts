import { z } from 'zod';
import { declaredDeviceSchema } from './declared-device.js';
import { e164Schema, endpointExtensionSchema, putEndpointSchema } from '../http/provisioning.js';

/** A SIP user name as Twilio takes it: up to 32 characters. */
export const sipUsernameSchema = z.string().regex(/^[A-Za-z0-9+._-]{1,32}$/, 'expected up to 32 letters, digits, +, -, _ and .');

/** A phone of a tenant. */
export const declaredEndpointSchema = z.strictObject({
  extension: endpointExtensionSchema,
  role: putEndpointSchema.shape.role,
  displayName: putEndpointSchema.shape.displayName.optional().describe('The role, when left out.'),
  queues: putEndpointSchema.shape.queues,
  rail: z.enum(['twilio', 'asterisk']).default('twilio').describe('Where it registers: at the environment’s SIP domain, or at our Asterisk, through which Twilio rings it then.'),
  username: sipUsernameSchema.optional().describe('Its SIP user name; by the environment’s pattern when left out.'),
  device: declaredDeviceSchema.optional().describe('The telephone it is, where that is known.'),
  callerId: e164Schema.optional().describe('What it shows when it calls out; the tenant’s first number when left out.'),
});
export type DeclaredEndpoint = z.output<typeof declaredEndpointSchema>;
