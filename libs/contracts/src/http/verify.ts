import { z } from 'zod';

/** What `verify` looks at. */
export const CHECKS = [
  'sip-user', 'calls-mapping', 'registrations-mapping', 'sip-domain', 'number', 'route-known', 'voice-url', 'codecs', 'last-registration', 'device', 'last-good-call', 'errors-of-the-day', 'probe',
] as const;

export const checkSchema = z.object({
  check: z.enum(CHECKS),
  about: z.string().describe('The phone, number, list or address that was looked at.'),
  state: z.enum(['ok', 'wrong', 'unknown']).describe('unknown: nobody tells, and nothing that would let it be inferred has happened.'),
  says: z.string(),
  inferredFrom: z.string().optional().describe('Where nobody tells it: what it was concluded from.'),
  remedy: z.string().optional(),
});
export type CheckView = z.output<typeof checkSchema>;

/** POST /api/environments/{name}/tenants/{code}/verify: phones may ring for a moment. */
export const probeSchema = z.strictObject({ probe: z.literal(true) });

/** GET and POST /api/environments/{name}/tenants/{code}/verify */
export const verifyViewSchema = z.object({ environment: z.string(), tenant: z.string(), at: z.iso.datetime(), checks: z.array(checkSchema) });
export type VerifyView = z.output<typeof verifyViewSchema>;

/** What `doctor` looks for. */
export const TROUBLES = ['not-registered', 'codec-refused', 'menu-silent', 'one-way-audio', 'other'] as const;
export type Trouble = (typeof TROUBLES)[number];

export const findingSchema = z.object({
  trouble: z.enum(TROUBLES),
  tenant: z.string().describe('_ for what is not known to be of one tenant.'),
  found: z.string().describe('What was seen, how often and when last.'),
  cause: z.string(),
  cure: z.string(),
});
export type FindingView = z.output<typeof findingSchema>;

/** GET /api/environments/{name}/doctor and …/tenants/{code}/doctor */
export const doctorViewSchema = z.object({
  environment: z.string(),
  tenants: z.array(z.string()),
  at: z.iso.datetime(),
  findings: z.array(findingSchema),
  looked: z.array(z.object({ trouble: z.enum(TROUBLES), at: z.string().describe('What was looked at.') })),
});
export type DoctorView = z.output<typeof doctorViewSchema>;
