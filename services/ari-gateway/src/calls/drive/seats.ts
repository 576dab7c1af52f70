import type { Bridge } from '@troncal/ari';

/**
 * Where the last look at Asterisk found each channel, until we move it. To put a channel where it is already would take it out first: everybody there
 * hears a gap, and a bridge of three is one of two meanwhile, which changes what is decoded in it (see `CallBridges.again`).
 */
export class Seats {
  private bridgeOf = new Map<string, string>();
  /** What was touched since the look that is under way began, if one is: what it will have seen of that counts for nothing. */
  private touched: Set<string> | undefined;

  /** Before Asterisk is looked at: from now on nothing is known. */
  look(): void {
    this.bridgeOf = new Map();
    this.touched = new Set();
  }

  /** What was there at the look. */
  found(bridges: readonly Pick<Bridge, 'id' | 'channels'>[]): void {
    const touched = this.touched ?? new Set();
    this.touched = undefined;
    for (const { id, channels } of bridges) {
      if (!touched.has(id)) for (const channel of channels) if (!touched.has(channel)) this.bridgeOf.set(channel, id);
    }
  }

  /** True while the channel is known to be in that bridge. */
  has(channelId: string, bridgeId: string): boolean {
    return this.bridgeOf.get(channelId) === bridgeId;
  }

  /** Moves channels, or takes them out of where they are; where they are then is not kept. */
  async moving<T>(channels: readonly string[], move: () => Promise<T>): Promise<T> {
    const touch = (): void => {
      for (const channel of channels) {
        this.touched?.add(channel);
        this.bridgeOf.delete(channel);
      }
    };
    touch();
    try {
      return await move();
    } finally {
      // A look may have begun and ended while it was under way.
      touch();
    }
  }

  /** The bridge goes, or may go. */
  clearing(bridgeId: string): void {
    this.touched?.add(bridgeId);
    for (const [channel, bridge] of this.bridgeOf) if (bridge === bridgeId) this.bridgeOf.delete(channel);
  }
}
