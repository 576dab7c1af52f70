import { z } from 'zod';
import { defineCommand } from '../define-command.js';
import { tenantSchema } from '../../envelope/tenant-code.js';
import { extensionSchema, queueNameSchema } from '../../route/node.js';
import { languageSchema } from '../../route/prompt.js';
import { routeCodeSchema, routeSchema } from '../../route/route.js';

const revision = z.int().positive();

export const tenantSnapshotSchema = z.object({
  tenant: tenantSchema,
  name: z.string(),
  country: z.string(),
  language: languageSchema,
  timeZone: z.string(),
  suspended: z.boolean(),
  revision,
  numbers: z.array(z.object({ number: z.string(), route: routeCodeSchema, revision })),
  routes: z.array(z.object({ code: routeCodeSchema, revision, route: routeSchema })),
  endpoints: z.array(
    z.object({
      extension: extensionSchema,
      sipUser: z.string(),
      displayName: z.string(),
      role: z.string(),
      queues: z.array(queueNameSchema),
      enabled: z.boolean(),
      revision,
      credentialRevision: revision,
    }),
  ),
});
export type TenantSnapshot = z.infer<typeof tenantSnapshotSchema>;

/** Seeds a consumer’s local projection: whole tenants, a page at a time, in order of their code. */
export const SnapshotV1 = defineCommand({
  service: 'provisioning',
  verb: 'snapshot',
  version: 1,
  clients: ['ari-gateway', 'pbx-adapters'],
  summary: 'All tenants with their numbers, routes and endpoints (no secrets), a page at a time.',
  timeoutMs: 5_000,
  request: z.object({ after: tenantSchema.optional(), limit: z.int().min(1).max(50).default(20) }),
  reply: z.object({ tenants: z.array(tenantSnapshotSchema), next: tenantSchema.optional() }),
});
