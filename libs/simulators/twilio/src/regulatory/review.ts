import { z } from 'zod';
import type { World } from '../accounts/world.js';
import type { Row } from '../wire/rows.js';

/** What people at Twilio say of a bundle that was handed in. */
export const reviewSchema = z.strictObject({
  /** SID or friendly name. */
  bundle: z.string(),
  says: z.enum(['in-review', 'twilio-approved', 'twilio-rejected', 'provisionally-approved']),
  /** Why it was rejected. */
  reason: z.string().optional(),
});
export type Review = z.output<typeof reviewSchema>;

/** The bundle's StatusCallback is told. @throws Error when there is no such bundle, or it wasn't handed in */
export function review({ bundle: wanted, says, reason }: Review, world: World): void {
  const found = world.all().flatMap((account) => account.regulatory.bundles.all().map((row) => ({ account, row }))).find(({ row }) => row.sid === wanted || row.attributes['friendly_name'] === wanted);
  if (found === undefined) throw new Error(`reviews: there is no bundle ${wanted}`);
  const { account, row } = found;
  if (!['pending-review', 'in-review'].includes(statusOf(row))) throw new Error(`reviews: bundle ${wanted} is ${statusOf(row)}: nobody handed it in`);
  const { bundles, documents } = account.regulatory;
  bundles.change(row, { status: says });
  if (says !== 'in-review') {
    const status = { 'twilio-approved': 'approved', 'provisionally-approved': 'provisionally-approved', 'twilio-rejected': 'rejected' }[says];
    for (const { attributes } of account.regulatory.partsOf(row.sid).items.all()) {
      const document = documents.get(attributes['object_sid'] as string);
      if (document !== undefined) documents.change(document, { status, failure_reason: says === 'twilio-rejected' ? (reason ?? null) : null });
    }
  }
  const url = row.attributes['status_callback'] as string | null;
  if (url === null) return;
  world.callBack({ account, why: 'bundle', url, method: 'POST', parameters: { AccountSid: account.sid, BundleSid: row.sid, Status: says, ...(reason === undefined ? {} : { FailureReason: reason }) } });
}

const statusOf = ({ attributes }: Row): string => attributes['status'] as string;
