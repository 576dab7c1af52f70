/** What is known of a stream of G.711 speech in one direction. */
export interface PathFigures {
  /** Share of the packets that did not come, 0 to 1. */
  readonly lossShare: number;
  /** Average (RFC 3550), ms. */
  readonly jitterMs: number;
  /** There and back, ms; taken for 0 where nobody measured it. */
  readonly roundTripMs?: number | undefined;
}

/** R of an undisturbed G.711 call between ordinary telephones (ITU-T G.107, default values). */
const UNDISTURBED = 93.2;
/** How well G.711 with packet loss concealment bears lost packets (G.113, table I.4: Bpl; its Ie is 0). */
const LOSS_ROBUSTNESS = 25.1;
/** Waits in a packet of 20 ms, ms. A jitter buffer comes on top, twice the jitter: what the common adaptive ones settle at. */
const PACKET_MS = 20;
/** From this one-way delay on talkers get into each other's way, ms. */
const NOTICED_MS = 177.3;

/**
 * The mean opinion score that G.711 speech would be given by listeners, 1 to 4.41: an estimate by the E-model (ITU-T G.107) with loss taken for random, and delay by the
 * approximation of Cole and Rosenbluth (2001). What a phone's own microphone, echo or network behind the measuring point does is not in it.
 */
export function estimateMos({ lossShare, jitterMs, roundTripMs = 0 }: PathFigures): number {
  const lossPercent = Math.min(100, Math.max(0, lossShare * 100));
  const delayMs = roundTripMs / 2 + PACKET_MS + 2 * jitterMs;
  const byLoss = (95 * lossPercent) / (lossPercent + LOSS_ROBUSTNESS);
  const byDelay = 0.024 * delayMs + 0.11 * Math.max(0, delayMs - NOTICED_MS);
  const r = Math.min(100, Math.max(0, UNDISTURBED - byLoss - byDelay));
  return Math.max(1, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6);
}

/** What was counted of a stream's RTP packets. */
export interface StreamFigures {
  /** Those that came. */
  readonly packets: number;
  /** Those that were sent and did not come. */
  readonly lost: number;
  readonly jitterMs: number;
}

/** Share of what was sent that did not come, 0 to 1. */
export function lossShareOf({ packets, lost }: Pick<StreamFigures, 'packets' | 'lost'>): number {
  return lost / Math.max(1, packets + lost);
}

/** {@link estimateMos} of a leg: of its worse direction. @param streams in either direction, undefined where nothing is known; one at least is */
export function estimateLegMos(streams: readonly (StreamFigures | undefined)[], roundTripMs = 0): number {
  return Math.min(...streams.flatMap((stream) => (stream ? [estimateMos({ lossShare: lossShareOf(stream), jitterMs: stream.jitterMs, roundTripMs })] : [])));
}
