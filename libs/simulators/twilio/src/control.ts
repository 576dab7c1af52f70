import { faultSchema } from '@troncal/simulator-program';
import { z } from 'zod';
import { limitsSchema } from './accounts/limits.js';
import { deedSchema } from './by-hand/deed.js';
import { performDeed } from './by-hand/perform-deed.js';
import { accountWishSchema, applyAccountWish } from './accounts/account-wish.js';
import { endValidation } from './caller-ids/caller-ids.resource.js';
import { alertWishSchema, raiseAlert } from './monitor/alert-wish.js';
import { stockSchema } from './phone-numbers/number-market.js';
import { portInSchema } from './porting/port-in.js';
import { countryPricesSchema } from './pricing/prices.js';
import { review, reviewSchema } from './regulatory/review.js';
import type { Conditions, RestApi } from './rest-api.js';
import { paceSchema } from './traffic/pace.js';
import { use } from './usage/fire-triggers.js';
import { usageSchema } from './usage/usage.js';
import { voiceSettingsSchema } from './voice/voice-settings.js';

/** What may be told to the simulator, all of it optional; what isn't said stays. */
export const settingsSchema = z.strictObject({
  /** In place of those that were set. */
  faults: z.array(faultSchema).optional(),
  pace: paceSchema.optional(),
  limits: limitsSchema.optional(),
  /** How long what was just made isn't to be seen by who reads, ms. */
  hiddenMs: z.int().min(0).optional(),
  /** What Twilio's people do with accounts. */
  accounts: z.array(accountWishSchema).optional(),
  /** What countries cost, in place of what was said of them. */
  prices: z.array(countryPricesSchema).optional(),
  /** Numbers for sale, in addition. */
  stock: z.array(stockSchema).optional(),
  /** Numbers that another customer buys now. */
  sold: z.array(z.string()).optional(),
  /** Bundles of the main account that are approved. */
  approvedBundles: z.array(z.string().regex(/^BU[0-9a-fA-F]{32}$/)).optional(),
  /** What people at Twilio say of bundles that were handed in. */
  reviews: z.array(reviewSchema).optional(),
  /** Port-in requests of the main account, as they stand now. */
  portIns: z.array(portInSchema).optional(),
  /** Caller IDs that were asked for: whether somebody answered there and said the code. */
  callerIds: z.array(z.strictObject({ number: z.string(), isVerified: z.boolean() })).optional(),
  /** What was used, in addition; triggers fire by it. */
  usage: z.array(usageSchema).optional(),
  /** Errors that the debugger shows. */
  alerts: z.array(alertWishSchema).optional(),
  /** SIP domains that another customer has. */
  takenDomainNames: z.array(z.string()).optional(),
  /** How calls behave. */
  voice: voiceSettingsSchema.optional(),
  /** Changes that somebody makes beside us, one after the other. */
  byHand: z.array(deedSchema).optional(),
});
export type Settings = z.input<typeof settingsSchema>;

/** @throws ZodError that names every fault; nothing is set then. @throws Error for what can't be done by hand, after what came before it */
export function applySettings(wish: Settings, conditions: Conditions, api: RestApi): void {
  const { faults, pace, limits, hiddenMs, accounts, prices, stock, sold, approvedBundles, reviews, portIns, callerIds, usage, alerts, takenDomainNames, byHand } = settingsSchema.parse(wish);
  const { world } = conditions;
  if (faults !== undefined) conditions.faults.replace(faults);
  if (pace !== undefined) conditions.pace = pace;
  if (limits !== undefined) world.limits = limits;
  if (hiddenMs !== undefined) world.hiddenMs = hiddenMs;
  for (const each of accounts ?? []) applyAccountWish(each, world);
  world.prices.put(prices ?? []);
  world.market.put(stock ?? []);
  for (const number of sold ?? []) world.market.sell(number);
  for (const bundle of approvedBundles ?? []) world.main.approvedBundles.add(bundle);
  for (const each of reviews ?? []) review(each, world);
  for (const each of portIns ?? []) world.main.portIns.set(each.request, each);
  for (const { number, isVerified } of callerIds ?? []) endValidation(world, world.main, number, isVerified);
  for (const each of usage ?? []) use(each, world);
  for (const each of alerts ?? []) raiseAlert(each, world);
  for (const name of takenDomainNames ?? []) world.takeDomainName(name);
  for (const deed of byHand ?? []) performDeed(deed, world, api);
}
