import type { LegReport } from '@troncal/media-protocols';
import type { PlayoutSink } from '../dialogue/playout.js';

/** What a leg tells its owner, whichever protocol it speaks. Whatever a handler throws ends this leg and no other. */
export interface LegHandlers {
  /** The caller's audio, G.711 of the call's law, any length; the bytes are the handler's to keep. */
  audio(frame: Uint8Array): void;
  report(report: LegReport): void;
  writable(): void;
  /** Once, and nothing after it. `fault` when the leg was closed for bad behaviour or a fault of ours. */
  closed(fault: string | undefined): void;
}

/** One call's audio, to and from Asterisk or Twilio. */
export interface MediaLeg extends PlayoutSink {
  readonly legId: string;
  /** Sets who listens. Call it in the same tick as the leg was accepted, or what comes first is lost. */
  handle(handlers: LegHandlers): void;
  /** The error boundary: nothing that happens in one call reaches the event loop's other calls. */
  guard(work: () => void): void;
  /** Ends the leg in good order. */
  close(reason: string): void;
}
