/** Turns ms of performance.now(), which phones count in, into ms since the epoch, which everything else does. */
export const wallClock = (performanceMs: number): number => performance.timeOrigin + performanceMs;
