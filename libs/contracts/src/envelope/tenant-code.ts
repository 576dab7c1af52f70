import { z } from 'zod';

/** The platform itself: unknown numbers, edges, the default agent. Never a customer's code. */
export const PLATFORM_TENANT = '_';

/** A customer's code as it stands in subjects, SIP users and rows: lower-cased, unique then, not beginning with `_`. */
export const tenantCodeSchema = z
  .string()
  .transform((code) => code.toLowerCase())
  .pipe(z.string().regex(/^[a-z0-9-][a-z0-9_-]{1,31}$/, 'expected 2 to 32 of a-z, 0-9, "_" and "-", not beginning with "_"'));

/** A tenant code or the platform's `_`, already in its final form: what the envelope and internal messages carry. */
export const tenantSchema = z.string().regex(/^(_|[a-z0-9-][a-z0-9_-]{1,31})$/);
