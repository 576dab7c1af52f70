import { z } from 'zod';
import { PROFILE_STATES } from '../trust-hub/profile-state.js';
import type { World } from './world.js';

/** What Twilio's people make of an account. */
export const accountWishSchema = z.strictObject({
  /** The main one unless told. */
  sid: z.string().optional(),
  type: z.enum(['Full', 'Trial']).optional(),
  /** Of its owner, in Trust Hub; `none`: not filed. It is approved at first. */
  profile: z.enum(['none', ...PROFILE_STATES]).optional(),
  /** Voice Insights' Advanced Features: from now on, or no longer. */
  insights: z.boolean().optional(),
  /** A suspended account may be read and changes nothing; only Twilio's people take that back. */
  status: z.enum(['active', 'suspended']).optional(),
});

/** @throws Error when there is no such account */
export function applyAccountWish({ sid, type, profile, insights, status }: z.output<typeof accountWishSchema>, world: World): void {
  const account = sid === undefined ? world.main : world.account(sid);
  if (account === undefined) throw new Error(`accounts: there is no account ${sid}`);
  if (type !== undefined) account.type = type;
  if (profile !== undefined) account.profile = profile === 'none' ? undefined : profile;
  if (insights !== undefined) account.haveInsights(insights);
  if (status === undefined || status === account.status) return;
  account.tell('account.updated', account.sid, { status: { previous: account.status, updated: status } });
  account.status = status;
  account.suspendedByTwilio = status === 'suspended';
}
