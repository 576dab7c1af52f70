import { z } from 'zod';
import { tenantDeclarationSchema } from '../declaration/tenant-declaration.js';
import { environmentNameSchema } from '../declaration/environment.js';
import { tenantCodeSchema } from '../envelope/tenant-code.js';
import { createTenantSchema, e164Schema, endpointExtensionSchema } from './provisioning.js';

/** POST /api/environments/{name}/plan and …/apply: these tenants, whole; others of the environment are left as they are. */
export const declareTenantsSchema = z.strictObject({
  declarations: z
    .array(tenantDeclarationSchema)
    .max(2_000)
    .refine((all) => new Set(all.map(({ tenant }) => tenant)).size === all.length, 'a tenant stands here twice: keep one declaration of it'),
});

/** DELETE /api/environments/{name}/tenants: these and no others, in one run. */
export const deleteTenantsSchema = z.strictObject({
  tenants: z
    .array(tenantCodeSchema)
    .min(1)
    .max(2_000)
    .refine((all) => new Set(all).size === all.length, 'a tenant stands here twice: name it once'),
});

/** A number that has to be waited for, or something that a person has to do. */
export const waitingSchema = z.object({ tenant: z.string(), what: z.string(), why: z.string(), who: z.string().describe('Who has to do something about it.') });
export type WaitingView = z.output<typeof waitingSchema>;

const stepSchema = z.object({ key: z.string(), tenant: z.string().describe('_ for what several tenants share.'), says: z.string().describe('In words.'), calls: z.int().describe('Requests to Twilio.') });

/** What a month costs, in US dollars. `unknown`: what Twilio names no price of. */
export const monthlyCostSchema = z.object({ now: z.number(), change: z.number(), unknown: z.array(z.string()) });

/** GET /api/environments/{name}/subaccounts: Twilio accounts that tenants have of their own. */
export const subaccountSchema = z.object({
  tenant: z.string(),
  name: z.string().describe('Its friendly name at Twilio, by which it is found again.'),
  sid: z.string().nullable().describe('null: not opened yet.'),
  domain: z.string().describe('Where the tenant’s phones register.'),
  state: z.enum(['wanted', 'open', 'held']).describe('held: its tenant is gone, and it is kept until somebody closes it.'),
});
export type SubaccountView = z.output<typeof subaccountSchema>;
export const subaccountListSchema = z.object({ subaccounts: z.array(subaccountSchema) });
/** POST /api/environments/{name}/subaccounts/{tenant}/close: for ever. */
export const closeSubaccountSchema = z.strictObject({ confirm: z.string().max(64).describe('The subaccount’s name.') });

export const planViewSchema = z.object({
  environment: environmentNameSchema,
  steps: z.array(stepSchema),
  waiting: z.array(waitingSchema),
  reads: z.int(),
  cost: monthlyCostSchema,
  warnings: z.array(z.string()).describe('What the account’s limits mean for this plan.'),
  subaccounts: z.array(subaccountSchema).default([]).describe('Those of the tenants that it is about.'),
});
export type PlanView = z.output<typeof planViewSchema>;

export const RUN_KINDS = ['apply', 'delete', 'rotate', 'promote', 'repair', 'cut-over', 'release'] as const;

/** GET /api/runs/{id} */
export const runViewSchema = z.object({
  run: z.string(),
  environment: environmentNameSchema,
  kind: z.enum(RUN_KINDS),
  tenants: z.array(z.string()),
  state: z.enum(['running', 'whole', 'partial', 'failed']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  fault: z.string().nullable().describe('Why it came to nothing.'),
  steps: z.array(stepSchema.omit({ calls: true }).extend({ state: z.enum(['planned', 'done', 'failed', 'skipped']), fault: z.string().nullable(), at: z.iso.datetime().nullable() })),
  waiting: z.array(waitingSchema),
});
export type RunView = z.output<typeof runViewSchema>;
export const runStartedSchema = z.object({ run: z.string() });
export const runListSchema = z.object({ runs: z.array(runViewSchema.omit({ steps: true })) });

/** Of a phone at Twilio. */
export const sipUserViewSchema = z.object({
  tenant: z.string(), extension: z.string(), role: z.string(), displayName: z.string(), username: z.string(), list: z.string(), domain: z.string(),
  state: z.enum(['wanted', 'provisioned', 'rotating', 'legacy']).describe('legacy: taken over with a password that only its phone knows.'),
  credentialRevision: z.int(),
  password: z.string().optional().describe('Only in the answer to a reveal or a rotation.'),
});
export type SipUserView = z.output<typeof sipUserViewSchema>;
export const sipUserListSchema = z.object({ users: z.array(sipUserViewSchema) });

export const ownedNumberSchema = z.object({
  tenant: z.string(), e164: z.string().nullable().describe('null: not chosen yet.'), have: z.string(), route: z.string(),
  state: z.enum(['wanted', 'pinned', 'provisioned', 'waiting', 'held']).describe('held: its tenant is gone, and it is kept until it may be released.'),
  why: z.string().nullable(), who: z.string().nullable().default(null).describe('Who has to do something about it.'), releasableAt: z.iso.datetime().nullable(), legacy: z.boolean(),
});
export type OwnedNumberView = z.output<typeof ownedNumberSchema>;
export const ownedNumberListSchema = z.object({ numbers: z.array(ownedNumberSchema) });

/** GET /api/environments/{name}/tenants/{code} */
export const declaredTenantSchema = z.object({
  environment: z.string(), tenant: z.string(), revision: z.int(), state: z.enum(['declared', 'leaving']), legacy: z.boolean(),
  declaration: tenantDeclarationSchema, users: z.array(sipUserViewSchema), numbers: z.array(ownedNumberSchema),
});
export type DeclaredTenantView = z.output<typeof declaredTenantSchema>;
export const declaredTenantListSchema = z.object({
  tenants: z.array(z.object({ tenant: z.string(), name: z.string(), revision: z.int(), state: z.enum(['declared', 'leaving']), legacy: z.boolean(), numbers: z.array(z.string()), endpoints: z.int() })),
});

/** POST /api/environments/{name}/tenants/{code}/users/{extension}/rotate */
export const rotateSchema = z.strictObject({
  step: z.enum(['now', 'stage', 'commit', 'undo']).default('now').describe('stage: shown and not yet in force, so that the phone can be given it first; commit: in force; undo: the one before again.'),
});
/** POST /api/environments/{name}/numbers/{e164}/release: for ever. */
export const releaseNumberSchema = z.strictObject({ confirm: e164Schema.describe('The number once more.') });
/** POST /api/environments/{name}/numbers/{e164}/move */
export const moveNumberSchema = z.strictObject({ to: environmentNameSchema });
/** POST /api/environments/{name}/promote */
export const promoteSchema = z.strictObject({ to: environmentNameSchema, tenant: z.string().toLowerCase(), apply: z.boolean().default(false) });
export const sipUserPath = z.object({ environment: environmentNameSchema, tenant: z.string().toLowerCase(), extension: endpointExtensionSchema });

/** A difference between what is declared and what the account holds. */
export const driftSchema = z.object({
  environment: z.string(), checkedAt: z.iso.datetime(), reads: z.int(),
  differences: z.array(z.object({ key: z.string(), tenant: z.string(), says: z.string().describe('What would mend it.'), by: z.string().nullable().describe('Who changed it, and from where; null when Twilio does not tell.') })),
});
export type DriftView = z.output<typeof driftSchema>;

/** POST /api/environments/{name}/import: tenants that were made by hand in the account. */
export const importSchema = z.strictObject({
  write: z.boolean().default(false).describe('Written down as found; else only told.'),
  country: createTenantSchema.shape.country.default('CL').describe('Of tenants without a number.'),
  timeZone: createTenantSchema.shape.timeZone.default('America/Santiago'),
  language: createTenantSchema.shape.language,
});
export const importViewSchema = z.object({ written: z.boolean(), tenants: z.array(tenantDeclarationSchema), leftOut: z.array(z.object({ what: z.string(), why: z.string() })) });
/** POST /api/environments/{name}/cut-over and …/tenants/{code}/cut-over */
export const cutOverSchema = z.strictObject({ back: z.boolean().default(false).describe('To how it was found.') });
