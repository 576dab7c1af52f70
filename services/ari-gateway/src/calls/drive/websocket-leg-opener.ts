import type { AriClient } from '@troncal/ari';
import type { Leg } from '../call.js';
import type { MediaLegOpener } from './media-leg-opener.js';

/** A leg whose socket isn't there after this counts as failed, ms: the edge's own tries take 3.9 s (websocket_client.conf). */
const ENTRY_MS = 5_000;

/** Media legs over chan_websocket: an external media channel. It enters the application when realtime-voice has let its socket in. */
export class WebSocketLegOpener implements MediaLegOpener {
  constructor(private readonly ari: AriClient) {}

  async open(_callId: string, leg: Leg): Promise<void> {
    const entered = this.ari.whenChannelEnters(leg.channelId, ENTRY_MS);
    await this.ari.channels.externalMedia({
      channelId: leg.channelId,
      app: this.ari.app,
      external_host: 'voice',
      transport: 'websocket',
      encapsulation: 'none',
      connection_type: 'client',
      format: 'ulaw',
      direction: 'both',
      // A comma would end the variable; a UUID has none.
      transport_data: `f(json)v(leg=${leg.legId})`,
    });
    await entered;
  }

  async taken(): Promise<void> {}
}
