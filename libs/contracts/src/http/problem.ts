import { z } from 'zod';

/** RFC 9457 problem details, as every HTTP error and every failed command answers. */
export const problemSchema = z.object({
  type: z.string().describe('urn:troncal:problem:<code>'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('Facts and a remedy.'),
  instance: z.string().optional(),
  code: z.string().describe('Stable, machine-readable: unknown_tenant, validation_failed, …'),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional().describe('Every fault of the input.'),
});
export type Problem = z.infer<typeof problemSchema>;

/** The `type` of a problem. */
export const problemType = (code: string): string => `urn:troncal:problem:${code}`;
