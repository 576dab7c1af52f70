import type { LegReport } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { LegHandlers } from './media-leg.js';

/** The owner's side of a leg: whom it tells, within an error boundary, and that its end is told once. */
export class LegLife {
  private handlers: LegHandlers | undefined;
  private ended = false;

  /** @param fail closes the connection; called when the owner threw */
  constructor(
    private readonly legId: string,
    private readonly logger: Logger,
    private readonly fail: (reason: string) => void,
  ) {}

  get over(): boolean {
    return this.ended;
  }

  handle(handlers: LegHandlers): void {
    this.handlers = handlers;
  }

  audio(frame: Uint8Array): void {
    this.handlers?.audio(frame);
  }

  report(report: LegReport): void {
    this.handlers?.report(report);
  }

  writable(): void {
    this.handlers?.writable();
  }

  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.logger.error({ err: error, legId: this.legId }, 'a call failed inside; its media leg is closed');
      this.fail('an internal fault');
    }
  }

  /** False when it had ended already. */
  end(fault: string | undefined): boolean {
    if (this.ended) return false;
    this.ended = true;
    try {
      this.handlers?.closed(fault);
    } catch (error) {
      this.logger.error({ err: error, legId: this.legId }, 'a call could not be closed cleanly');
    }
    return true;
  }
}
