import { Inject, Injectable } from '@nestjs/common';
import { EdgeTrunksChangedV1 } from '@troncal/contracts';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { EdgeTrunkKeeper } from './edge-trunk-keeper.js';

/** The event says that there is something to ask for: a digest rides in no event. */
@Injectable()
export class OnEdgeTrunksChanged {
  constructor(@Inject(EdgeTrunkKeeper) private readonly keeper: EdgeTrunkKeeper) {}

  @ConsumesEvent(EdgeTrunksChangedV1)
  handle(_event: ConsumedEvent<typeof EdgeTrunksChangedV1>, { tx }: Delivery): Promise<void> {
    tx.onCommit(() => this.keeper.wake());
    return Promise.resolve();
  }
}
