/** Pieces of work that are done at once: most are a transaction or two, and the pool has ten connections, of which others need some. */
const AT_ONCE = 6;

/** Does a piece of work for each of these things, some at once. @throws what the first of them throws */
export async function severalAtOnce<T>(things: readonly T[], work: (thing: T) => Promise<unknown>): Promise<void> {
  const left = things.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const thing of left) await work(thing);
    }),
  );
}

/** The same things in pieces of this size, in their order. */
export function* chunksOf<T>(things: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < things.length; from += size) yield things.slice(from, from + size);
}
