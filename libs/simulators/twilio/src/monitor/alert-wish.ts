import { z } from 'zod';
import type { World } from '../accounts/world.js';

/** An error that the debugger is to show. Whether it is a warning is said by its code. */
export const alertWishSchema = z.strictObject({
  /** SID; the main account unless told. */
  account: z.string().optional(),
  errorCode: z.int(),
  text: z.string().default(''),
  /** The call, or what else it is about. */
  resourceSid: z.string().optional(),
  requestUrl: z.url().optional(),
});

/** @throws Error when there is no such account */
export function raiseAlert({ account: sid, errorCode, text, resourceSid, requestUrl }: z.output<typeof alertWishSchema>, world: World): void {
  const account = sid === undefined ? world.main : world.account(sid);
  if (account === undefined) throw new Error(`alerts: there is no account ${sid}`);
  world.alert(account, errorCode, text, { ...(resourceSid === undefined ? {} : { resourceSid }), ...(requestUrl === undefined ? {} : { url: requestUrl }) });
}
