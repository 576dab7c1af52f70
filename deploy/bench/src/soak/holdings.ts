import { setTimeout as sleep } from 'node:timers/promises';

/** What a process holds when nobody calls. */
export interface Holdings {
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly sockets: number;
  readonly timers: number;
  /** Entries of the service's maps of calls and connections. */
  readonly entries: number;
}

const MIB = 1024 ** 2;

/** Resources that keep the event loop awake, by the name Node gives them. */
export function openResources(kind: string): number {
  return process.getActiveResourcesInfo().filter((name) => name === kind).length;
}

/** Waits until `census` is all zero, collects garbage, and looks. @throws Error when something is left after `withinMs` */
export async function holdings(census: () => Readonly<Record<string, number>>, withinMs: number): Promise<Holdings> {
  const left = (): number => Object.values(census()).reduce((sum, count) => sum + count, 0);
  for (const until = performance.now() + withinMs; left() > 0; await sleep(50)) {
    if (performance.now() > until) throw new Error(`something of the calls is left after ${withinMs} ms: ${JSON.stringify(census())}`);
  }
  // Twice, with a turn of the loop between: what finalizers let go of is collected by the second.
  for (let time = 0; time < 2; time += 1) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMiB: rss / MIB, heapMiB: heapUsed / MIB, sockets: openResources('TCPSocketWrap'), timers: openResources('Timeout'), entries: left() };
}

/** The slope of a straight line through the points, per unit of x, by least squares. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
}
