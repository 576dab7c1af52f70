import { z } from 'zod';

/** A port-in request and how it stands, as Twilio's porting team says. */
export const portInSchema = z.strictObject({
  request: z.string().regex(/^KW[0-9a-fA-F]{32}$/),
  status: z.enum(['In review', 'Waiting for Signature', 'Action Required', 'In progress', 'Completed', 'Expired', 'Canceled']),
  numbers: z.array(z.string()).min(1),
  /** `2026-12-15` */
  targetDate: z.iso.date().optional(),
  /** Why the losing carrier has rejected the numbers, or the order was cancelled. */
  reason: z.string().optional(),
});
export type PortIn = z.output<typeof portInSchema>;
