import type { RecordCall } from '../../recordings/record-call.js';
import type { ConnectCalls } from './connect-calls.js';
import type { HoldCall } from './hold-call.js';
import type { ParkCall } from './park-call.js';
import type { PlayToCall } from './play-to-call.js';
import type { SendDigits } from './send-digits.js';
import type { SnoopCall } from './snoop-call.js';
import type { TransferCall } from './transfer-call.js';
import type { WarmTransfer } from './warm-transfer.js';

/** Everything that may be done to a live call: one use case per subject, the same for HTTP and for commands. */
export class CallVerbs {
  constructor(
    readonly to: {
      readonly hold: HoldCall;
      readonly play: PlayToCall;
      readonly digits: SendDigits;
      readonly connect: ConnectCalls;
      readonly park: ParkCall;
      readonly transfer: TransferCall;
      readonly warm: WarmTransfer;
      readonly snoop: SnoopCall;
      readonly record: RecordCall;
    },
  ) {}
}
