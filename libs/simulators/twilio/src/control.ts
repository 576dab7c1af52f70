import { z } from 'zod';
import { limitsSchema } from './accounts/limits.js';
import type { World } from './accounts/world.js';
import { stockSchema } from './phone-numbers/number-market.js';
import { faultSchema, type FaultBoard } from './traffic/faults.js';
import { paceSchema, type Pace } from './traffic/pace.js';

/** What may be told to the simulator, all of it optional; what isn't said stays. */
export const settingsSchema = z.strictObject({
  /** In place of those that were set. */
  faults: z.array(faultSchema).optional(),
  pace: paceSchema.optional(),
  limits: limitsSchema.optional(),
  /** How long what was just made isn't to be seen by who reads, ms. */
  hiddenMs: z.int().min(0).optional(),
  /** Numbers for sale, in addition. */
  stock: z.array(stockSchema).optional(),
  /** Numbers that another customer buys now. */
  sold: z.array(z.string()).optional(),
  /** Bundles of the main account that are approved. */
  approvedBundles: z.array(z.string().regex(/^BU[0-9a-fA-F]{32}$/)).optional(),
  /** SIP domains that another customer has. */
  takenDomainNames: z.array(z.string()).optional(),
});
export type Settings = z.input<typeof settingsSchema>;

export interface ControlTargets {
  readonly world: World;
  readonly faults: FaultBoard;
  pace: Pace;
}

/** @throws ZodError that names every fault; nothing is set then */
export function applySettings(wish: Settings, targets: ControlTargets): void {
  const { faults, pace, limits, hiddenMs, stock, sold, approvedBundles, takenDomainNames } = settingsSchema.parse(wish);
  const { world } = targets;
  if (faults !== undefined) {
    targets.faults.clear();
    for (const fault of faults) targets.faults.add(fault);
  }
  if (pace !== undefined) targets.pace = pace;
  if (limits !== undefined) world.limits = limits;
  if (hiddenMs !== undefined) world.hiddenMs = hiddenMs;
  world.market.put(stock ?? []);
  for (const number of sold ?? []) world.market.sell(number);
  for (const bundle of approvedBundles ?? []) world.main.approvedBundles.add(bundle);
  for (const name of takenDomainNames ?? []) world.takeDomainName(name);
}
