import { z } from 'zod';

/** Renewed so long before its end. */
const MARGIN_MS = 60_000;
const SHORTEST_MS = 5_000;

const granted = z.object({ access_token: z.string().min(1), refresh_token: z.string().nullish(), expires_in: z.coerce.number().positive().catch(3_600) });

/** What lets requests in for about an hour. */
export interface GdmsToken {
  readonly access: string;
  /** Good for one renewal. */
  readonly refresh: string | undefined;
  /** By performance.now(). */
  readonly until: number;
}

/** @returns undefined for an answer that is no token */
export function readToken(body: unknown, now = performance.now()): GdmsToken | undefined {
  const read = granted.safeParse(body);
  if (!read.success) return undefined;
  const { access_token: access, refresh_token: refresh, expires_in: seconds } = read.data;
  return { access, refresh: refresh ?? undefined, until: now + Math.max(SHORTEST_MS, seconds * 1_000 - MARGIN_MS) };
}
