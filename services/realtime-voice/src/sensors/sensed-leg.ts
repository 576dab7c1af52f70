import type { Span } from '@troncal/observability';
import type { PlayoutSink } from '../dialogue/playout.js';
import type { LegHandlers, MediaLeg } from '../media/media-leg.js';
import type { VoiceMeters } from './voice-meters.js';

type Orders = Parameters<PlayoutSink['write']>[0];

/** A media leg whose first frames are noted: when the caller came into the bridge, and when the agent was first heard. Ends the conversation's span with itself. */
export class SensedLeg implements MediaLeg {
  private readonly since = performance.now();
  private heard = false;

  constructor(
    private readonly leg: MediaLeg,
    private readonly span: Span | undefined,
    private readonly meters: VoiceMeters,
  ) {}

  get legId(): string {
    return this.leg.legId;
  }

  handle(handlers: LegHandlers): void {
    let first = true;
    this.leg.handle({
      ...handlers,
      audio: (frame) => {
        if (first) {
          first = false;
          this.span?.event('first caller frame');
        }
        handlers.audio(frame);
      },
      closed: (fault) => {
        handlers.closed(fault);
        if (fault !== undefined) this.span?.fail(new Error(fault));
        this.span?.end();
      },
    });
  }

  writable(): boolean {
    return this.leg.writable();
  }

  write(orders: Orders): void {
    if (!this.heard && orders.some((order) => order.kind === 'audio')) {
      this.heard = true;
      this.meters.firstAudio.observe((performance.now() - this.since) / 1_000);
      this.span?.event('first agent frame');
    }
    this.leg.write(orders);
  }

  guard(work: () => void): void {
    this.leg.guard(work);
  }

  close(reason: string): void {
    this.leg.close(reason);
  }
}
