import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** What goes wrong with some requests of a simulated HTTP API. */
export const faultSchema = z.strictObject({
  /** Which requests: all when nothing is said. */
  method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  /** A regular expression on where a request goes, as the simulator writes it. */
  place: z.string().optional(),
  /** How many of them go well before. */
  after: z.int().min(0).default(0),
  /** How many it strikes; all from then on when absent. */
  times: z.int().min(1).optional(),
  /** Of those it could strike, the share that it does. */
  share: z.number().min(0).max(1).default(1),
  does: z.discriminatedUnion('what', [
    /** Refused with this status, and the vendor's own code where it has such; nothing is done. */
    z.strictObject({ what: z.literal('refuse'), status: z.int().min(400).max(599), code: z.int().optional() }),
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
type Fault = z.output<typeof faultSchema>;

/** What came of a request: an answer (`instead`: with this body, of another shape than promised), a refusal, or a connection that ends or never answers. */
export type Struck<T> =
  | { readonly how: 'answered'; readonly answer: T; readonly instead: string | undefined }
  | { readonly how: 'refused'; readonly status: number; readonly code: number | undefined }
  | { readonly how: 'cut' }
  | { readonly how: 'hang' };

/** The faults that are set, and how often each has struck. */
export class FaultBoard {
  private set: { readonly fault: Fault; readonly place: RegExp; met: number; struck: number }[] = [];

  /** In place of those that were set. */
  replace(faults: readonly Fault[]): void {
    this.set = faults.map((fault) => ({ fault, place: new RegExp(fault.place ?? ''), met: 0, struck: 0 }));
  }

  /** Does what a request asks for as the faults let it, and takes its time. Counts it. */
  async perform<T>({ method, place }: { readonly method: string; readonly place: string }, tookMs: number, work: () => T): Promise<Struck<T>> {
    const does = this.strike(method, place);
    // What it does it does half-way: who gives up or dies while waiting can't know whether it was done.
    await sleep(tookMs / 2 + (does?.what === 'slow' ? does.ms : 0));
    if (does?.what === 'cut-before') return { how: 'cut' };
    if (does?.what === 'refuse') return { how: 'refused', status: does.status, code: does.code };
    const answer = work();
    await sleep(tookMs / 2);
    if (does?.what === 'cut-after') return { how: 'cut' };
    if (does?.what === 'hang-after') return { how: 'hang' };
    return { how: 'answered', answer, instead: does?.what === 'wrong-shape' ? does.body : undefined };
  }

  private strike(method: string, place: string): Fault['does'] | undefined {
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
