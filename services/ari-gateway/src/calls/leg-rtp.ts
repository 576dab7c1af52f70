import { estimateLegMos, type StreamFigures } from '@troncal/audio';

/** How RTP of a leg was, in both directions. Jitter is as it stood at the end (RFC 3550: over the last second, mostly). */
export interface LegRtp {
  readonly received: StreamFigures;
  /** As the far end reports it (RTCP); absent when it has reported nothing. */
  readonly sent?: StreamFigures;
  readonly roundTripMs?: number;
  readonly mos: number;
}

/**
 * Fewer tell nothing. Asterisk's jitter begins with the offset between the two ends' clocks, up to 2³² samples, of which 15/16 are left after each packet
 * (22.10: up to hundreds of ms were seen after 2 s; its averages and maxima keep it for ever and are of no use). After so many it is off by 0.2 ms at most.
 */
const FEWEST_PACKETS = 300;

/**
 * The dialplan's words of a channel's RTP (asterisk/etc/extensions.conf, troncal-heard), read; undefined when too little audio came to tell. Jitter and round trip are
 * seconds there.
 */
export function readLegRtp(get: (header: string) => string | undefined): LegRtp | undefined {
  const number = (header: string): number => {
    const value = Number(get(header) ?? '');
    return Number.isFinite(value) && value > 0 ? value : 0;
  };
  const stream = (way: 'Received' | 'Sent'): StreamFigures => ({ packets: Math.round(number(way)), lost: Math.round(number(`${way}Lost`)), jitterMs: number(`${way}Jitter`) * 1_000 });
  const [received, given] = [stream('Received'), stream('Sent')];
  if (received.packets < FEWEST_PACKETS) return undefined;
  const roundTripMs = number('RoundTrip') * 1_000;
  // Asterisk counts what it sent; what of it came is known only from reports, of which the round trip is a part.
  const reported = roundTripMs > 0 || given.lost > 0 || given.jitterMs > 0;
  const sent = reported ? { ...given, packets: Math.max(0, given.packets - given.lost) } : undefined;
  return { received, ...(sent && { sent }), ...(roundTripMs > 0 && { roundTripMs }), mos: estimateLegMos([received, sent], roundTripMs) };
}
