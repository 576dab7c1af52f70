import { z } from 'zod';

/** What goes wrong with some requests. */
export const faultSchema = z.strictObject({
  /** Which requests: all when nothing is said. */
  method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  /** A regular expression on host and path. */
  place: z.string().optional(),
  /** How many of them go well before. */
  after: z.int().min(0).default(0),
  /** How many it strikes; all from then on when absent. */
  times: z.int().min(1).optional(),
  /** Of those it could strike, the share that it does. */
  share: z.number().min(0).max(1).default(1),
  does: z.discriminatedUnion('what', [
    /** Refused with this status, nothing is done. */
    z.strictObject({ what: z.literal('refuse'), status: z.int().min(400).max(599), code: z.int().default(20500) }),
    /** Nothing is done and the connection ends. */
    z.strictObject({ what: z.literal('cut-before') }),
    /** It is done, and then the connection ends: who asked can't know. */
    z.strictObject({ what: z.literal('cut-after') }),
    /** It is done and never answered. */
    z.strictObject({ what: z.literal('hang-after') }),
    /** It is done; the answer is of another shape than promised. */
    z.strictObject({ what: z.literal('wrong-shape'), body: z.string().default('<html>Service Temporarily Unavailable</html>') }),
    z.strictObject({ what: z.literal('slow'), ms: z.int().min(1) }),
  ]),
});
export type Fault = z.output<typeof faultSchema>;
export type FaultWish = z.input<typeof faultSchema>;

/** The faults that are set, and how often each has struck. */
export class FaultBoard {
  private set: { readonly fault: Fault; readonly place: RegExp; met: number; struck: number }[] = [];

  add(wish: FaultWish): void {
    const fault = faultSchema.parse(wish);
    this.set.push({ fault, place: new RegExp(fault.place ?? ''), met: 0, struck: 0 });
  }

  clear(): void {
    this.set = [];
  }

  /** What happens to this request; counts it. */
  strike(method: string, place: string): Fault['does'] | undefined {
    for (const each of this.set) {
      const { fault } = each;
      if ((fault.method !== undefined && fault.method !== method) || !each.place.test(place)) continue;
      each.met += 1;
      if (each.met <= fault.after || (fault.times !== undefined && each.struck >= fault.times) || Math.random() >= fault.share) continue;
      each.struck += 1;
      return fault.does;
    }
    return undefined;
  }
}
