import type { StartOptions } from './options.js';
import { numbered, portsOf, RTP_PORTS, type Ports } from './ports.js';
import type { StateLayout } from './state-layout.js';

/** Where one of this machine's Asterisks has what it needs; the first is the edge of the gateway's settings, the others are declared over HTTP. */
export interface EdgePlace {
  readonly edgeId: string;
  /** Of its process, log and state. */
  readonly name: string;
  readonly ports: { readonly sip: number; readonly ari: number; readonly ami: number };
  /** UDP ports of media, both included. */
  readonly rtp: { readonly start: number; readonly end: number };
  readonly asteriskDir: string;
  readonly recordingsDir: string;
}

/** The edges that were asked for. */
export function edgePlaces({ edges, rtpRange }: Pick<StartOptions, 'edges' | 'rtpRange'>, ports: Ports, layout: StateLayout): [EdgePlace, ...EdgePlace[]] {
  const place = (index: number): EdgePlace => {
    const { sip, ari, ami, rtp } = portsOf(ports, index + 1);
    const share = rtpRange ? Math.floor((rtpRange.last - rtpRange.first + 1) / edges) : RTP_PORTS;
    const start = rtpRange ? rtpRange.first + index * share : rtp;
    return {
      edgeId: `edge-${index + 1}`,
      name: numbered('asterisk', index + 1),
      ports: { sip, ari, ami },
      rtp: { start, end: start + share - 1 },
      asteriskDir: numbered(layout.asteriskDir, index + 1),
      recordingsDir: index === 0 ? layout.recordingsDir : `${numbered(layout.asteriskDir, index + 1)}/spool/recording`,
    };
  };
  return [place(0), ...Array.from({ length: edges - 1 }, (_, index) => place(index + 1))];
}
