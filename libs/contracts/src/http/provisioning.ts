import { z } from 'zod';
import { tenantCodeSchema } from '../envelope/tenant-code.js';
import { extensionSchema, queueNameSchema } from '../route/node.js';
import { languageSchema } from '../route/prompt.js';
import { routeCodeSchema, routeSchema } from '../route/route.js';
import { timeZoneSchema } from '../route/schedule.js';

export const e164Schema = z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected E.164, e.g. +56225550100');

/** POST /api/tenants */
export const createTenantSchema = z.strictObject({
  code: tenantCodeSchema,
  name: z.string().trim().min(1).max(120),
  country: z.string().regex(/^[A-Z]{2}$/, 'expected ISO 3166-1 alpha-2, e.g. CL'),
  language: languageSchema.default('es'),
  timeZone: timeZoneSchema,
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

/** GET /api/tenants: in order of their code. */
export const listTenantsSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(32).optional().describe('`next` of the page before.'),
});
export const tenantPageSchema = z.object({ tenants: z.array(tenantViewSchema), next: z.string().optional() });

/** The {extension} of an endpoint: digits only, since it stands in a SIP user; `*` and `#` belong to feature codes and routes. */
export const endpointExtensionSchema = z.string().regex(/^\d{1,16}$/, 'the extension of an endpoint is 1 to 16 digits');

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
/** Every view that is a list: GET /api/tenants/{code}/endpoints, /numbers, /routes; in order of extension, number, code. */
export const endpointListSchema = z.object({ endpoints: z.array(endpointViewSchema) });
export const numberListSchema = z.object({ numbers: z.array(numberViewSchema) });
export const routeViewSchema = z.object({ code: routeCodeSchema, revision: z.int(), route: routeSchema });
export const routeListSchema = z.object({ routes: z.array(routeViewSchema) });
export type TenantView = z.infer<typeof tenantViewSchema>;
export type EndpointView = z.infer<typeof endpointViewSchema>;
export type NumberView = z.infer<typeof numberViewSchema>;
export type RouteView = z.infer<typeof routeViewSchema>;
