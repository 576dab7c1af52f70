import { z } from 'zod';

/** How audio travels to and from some parties. */
const pathSchema = z.strictObject({
  /** Whom it is about, as From or To have it; or a regular expression on it between slashes: `/office/`. */
  party: z.string(),
  /** 0 to 1. */
  lossShare: z.number().min(0).max(1).default(0.001),
  jitterMs: z.number().min(0).default(3),
  /** What Twilio's analysis says of it. */
  tags: z.array(z.string()).default([]),
});
type Path = z.output<typeof pathSchema>;

/** What Voice Insights tell of calls. Whether they tell at all is the account's: `accounts`, or the REST API's settings. */
export const insightsSchema = z.strictObject({
  /** A call is summed up so long after its end, ms. Twilio says “approximately 30 minutes”. */
  summedUpAfterMs: z.int().min(0).default(1_800_000),
  /** The first that fits counts; what fits none is like a good line. */
  paths: z.array(pathSchema).default([]),
});
export type InsightsWish = z.output<typeof insightsSchema>;

/** How audio travels on a leg between these two. */
export function pathOf({ paths }: InsightsWish, from: string, to: string): Path {
  const fits = ({ party }: Path): boolean => {
    const pattern = /^\/(.+)\/$/.exec(party)?.[1];
    return [from, to].some((one) => (pattern === undefined ? one === party : new RegExp(pattern).test(one)));
  };
  return paths.find(fits) ?? pathSchema.parse({ party: to });
}
