import type { Leg } from '../call.js';

/** A call's media leg as it is opened: between the caller's bridge in Asterisk and realtime-voice. */
export interface MediaLegOpener {
  /** Has Asterisk open the leg; resolves when its channel may enter a bridge, rejects when it can't be had. */
  open(callId: string, leg: Leg): Promise<void>;
  /** Resolves when realtime-voice has the leg, rejects when it doesn't take it. The leg may be in the bridge before. */
  taken(leg: Leg): Promise<void>;
}

/** What carries the audio between an edge and realtime-voice. */
export type MediaKind = 'websocket' | 'audiosocket';
