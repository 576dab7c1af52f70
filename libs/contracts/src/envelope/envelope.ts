import { z } from 'zod';
import { tenantSchema } from './tenant-code.js';

/**
 * The CloudEvents 1.0 envelope (structured JSON) that every event travels in. Unknown attributes are dropped on reading, so a
 * newer producer never breaks an older consumer.
 */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/).describe('ULID; also the Nats-Msg-Id and the inbox key.'),
  type: z.string().regex(/^[A-Z][A-Za-z]+\.v[1-9]\d*$/).describe('Event name and version, e.g. CallStarted.v1.'),
  source: z.string().min(1).describe('The service that states the fact, e.g. ari-gateway.'),
  time: z.iso.datetime({ offset: true }).describe('When the fact happened, RFC 3339, UTC.'),
  subject: z.string().min(1).describe('Id of the aggregate the fact is about; `sequence` counts within it.'),
  sequence: z.int().positive().describe('Position within the aggregate, from 1, without gaps.'),
  tenantid: tenantSchema.describe('Tenant code, or "_" for the platform.'),
  correlationid: z.string().min(1).describe('The call, ticket, run or attempt that the fact belongs to.'),
  causationid: z.string().min(1).optional().describe('The event or command that caused it.'),
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
});

/** An event on the wire, its data not yet held against its own schema. */
export type Envelope = z.infer<typeof envelopeSchema>;

/** An event whose data has been read by its definition. */
export type EventOf<TData> = Omit<Envelope, 'data'> & { readonly data: TData };
