import type { Server } from 'node:http';
import type { Logger } from '@troncal/observability';
import type { G711 } from '../engine/voice-engine.js';
import { AudioSocketServer } from './audiosocket-server.js';
import { FramePacer } from './frame-pacer.js';
import { LegGate, type LegOwner } from './leg-gate.js';
import { TwilioMediaServer } from './twilio-server.js';
import { WebSocketMediaServer } from './websocket-server.js';

export interface MediaDoorsOptions {
  readonly host: string;
  /** Where chan_websocket dials; 0: whichever is free. */
  readonly port: number;
  /** Where the AudioSocket application dials; 0: whichever is free. Not listened on when absent. */
  readonly audioSocketPort: number | undefined;
  /** Of all kinds together. */
  readonly maxLegs: number;
  /** Told of seconds of audio that legs of ours to pace will hear later, because this process did not get its turn. */
  readonly heldBack: (seconds: number) => void;
}

/** The ports on which media legs are accepted. */
export interface MediaPorts {
  readonly websocket: number;
  readonly audioSocket: number | undefined;
}

/** Where media legs come in, of any kind: Asterisk's two, and Twilio's streams. */
export class MediaDoors<Claim extends { readonly format: G711 }> {
  private readonly websocket: WebSocketMediaServer<Claim>;
  private readonly audioSocket: AudioSocketServer<Claim> | undefined;
  private readonly twilio: TwilioMediaServer<Claim>;

  constructor({ host, port, audioSocketPort, maxLegs, heldBack }: MediaDoorsOptions, owner: LegOwner<Claim>, logger: Logger) {
    const gate = new LegGate(maxLegs, owner, logger);
    this.websocket = new WebSocketMediaServer({ host, port }, gate, logger);
    this.twilio = new TwilioMediaServer(gate, logger);
    this.audioSocket = audioSocketPort === undefined ? undefined : new AudioSocketServer({ host, port: audioSocketPort }, gate, new FramePacer(() => performance.now(), heldBack), logger);
  }

  /** Connections that are open, admitted or not. */
  get size(): number {
    return this.websocket.size + (this.audioSocket?.size ?? 0) + this.twilio.size;
  }

  /** @param http the service's own server, which the world reaches: Twilio's streams come in there */
  async listen(http: Server): Promise<MediaPorts> {
    this.twilio.serve(http);
    const [websocket, audioSocket] = await Promise.all([this.websocket.listen(), this.audioSocket?.listen()]);
    return { websocket, audioSocket };
  }

  /** Takes no new legs and ends what is left of the old ones. */
  async close(): Promise<void> {
    this.twilio.close();
    await Promise.all([this.websocket.close(), this.audioSocket?.close()]);
  }
}
