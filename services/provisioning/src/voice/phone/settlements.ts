import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import { OutboundDesk, type Settlement } from '../../outbound/outbound-desk.js';

const RETRY: Backoff = { firstMs: 250, maxMs: 30_000 };

/**
 * Settles reservations behind the answer, again and again while the database is away. Settling twice is settling once; one that is lost with the process is
 * settled by the leg's own status callback, or stays reserved in full: no tenant spends more than it may.
 */
@Injectable()
export class Settlements implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly open = new Set<Promise<void>>();

  constructor(
    private readonly desk: OutboundDesk,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Returns at once. */
  settle(settlement: Settlement): void {
    const work = runOutsideContext(() => this.untilSettled(settlement));
    this.open.add(work);
    void work.finally(() => this.open.delete(work));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.open);
  }

  private async untilSettled(settlement: Settlement): Promise<void> {
    for (let failures = 0; ; ) {
      try {
        return await this.desk.settle(settlement);
      } catch (error) {
        failures += 1;
        const goesOn = await pause(backoffMs(RETRY, failures), this.stopping.signal);
        if (failures === 1 || !goesOn) this.logger.warn({ reservation: settlement.reservationId, reason: errorText(error), goesOn }, 'a reservation could not be settled');
        if (!goesOn) return;
      }
    }
  }
}
