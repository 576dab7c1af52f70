import { z } from 'zod';
import { tenantCodeSchema } from '../envelope/tenant-code.js';
import { extensionSchema, queueNameSchema } from '../route/node.js';
import { languageSchema } from '../route/prompt.js';
import { routeCodeSchema, routeSchema } from '../route/route.js';

export const e164Schema = z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected E.164, e.g. +56225550100');

/** POST /api/tenants */
export const createTenantSchema = z.strictObject({
  code: tenantCodeSchema,
  name: z.string().trim().min(1).max(120),
  country: z.string().regex(/^[A-Z]{2}$/, 'expected ISO 3166-1 alpha-2, e.g. CL'),
  language: languageSchema.default('es'),
  timeZone: z.string().min(1).max(64).refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC', 'expected an IANA time zone, e.g. America/Santiago'),
});
/** PATCH /api/tenants/{code} */
export const updateTenantSchema = z.strictObject({
  name: createTenantSchema.shape.name.optional(),
  language: languageSchema.optional(),
  timeZone: createTenantSchema.shape.timeZone.optional(),
  suspended: z.strictObject({ reason: z.string().trim().min(1).max(500) }).nullable().optional().describe('An object suspends, null lifts the suspension.'),
});
export const tenantViewSchema = z.object({
  code: z.string(), name: z.string(), country: z.string(), language: languageSchema, timeZone: z.string(),
  suspended: z.object({ reason: z.string() }).nullable(), revision: z.int(), createdAt: z.iso.datetime(),
});

/** PUT /api/tenants/{code}/endpoints/{extension} */
export const putEndpointSchema = z.strictObject({
  displayName: z.string().trim().min(1).max(80),
  role: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/).default('office'),
  queues: z.array(queueNameSchema).max(20).default([]),
  enabled: z.boolean().default(true),
});
export const endpointViewSchema = z.object({
  extension: extensionSchema, sipUser: z.string(), displayName: z.string(), role: z.string(), queues: z.array(z.string()), enabled: z.boolean(),
  revision: z.int(), credentialRevision: z.int(),
  password: z.string().optional().describe('Only in the answer that created or rotated it; shown once.'),
});

/** PUT /api/tenants/{code}/numbers/{e164} */
export const putNumberSchema = z.strictObject({ route: routeCodeSchema });
export const numberViewSchema = z.object({ number: z.string(), route: z.string(), revision: z.int() });

/** PUT /api/tenants/{code}/routes/{route}: the body is the route itself. */
export const putRouteSchema = routeSchema;
export const routeViewSchema = z.object({ code: routeCodeSchema, revision: z.int(), route: routeSchema });
