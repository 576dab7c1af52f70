import { errorText } from '@troncal/kernel';
import { HeldElsewhere, type LeaseBoard } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import type { Replica } from './replica.js';

/** Who holds an edge that isn't held here, by its lease. */
export class EdgeOwners {
  constructor(
    private readonly board: LeaseBoard,
    private readonly replica: Replica,
    private readonly logger: Logger,
  ) {}

  /** What to throw for something at an edge that another replica holds; undefined when none does, or NATS can't tell. */
  async elsewhere(edgeId: string, what = `Asterisk of ${edgeId}`): Promise<HeldElsewhere | undefined> {
    try {
      const lease = (await this.board.read(edgeId))?.lease;
      if (!lease || lease.state === 'free' || lease.process === this.replica.process) return undefined;
      return new HeldElsewhere(what, { name: lease.holder, replica: lease.process, url: lease.url });
    } catch (error) {
      this.logger.debug({ edge: edgeId, reason: errorText(error) }, 'the holder of an edge could not be looked up');
      return undefined;
    }
  }
}
