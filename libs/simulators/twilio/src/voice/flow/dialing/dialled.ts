import type { Call } from '../../calls/call.js';
import type { Recording } from '../../recordings/recording.js';

/** How a <Dial> went. */
export interface Dialled {
  /** Twilio's DialCallStatus. */
  readonly status: string;
  readonly leg?: Call;
  /** Whether both were connected. */
  readonly isBridged: boolean;
  readonly bridgedS?: number;
  readonly recording?: Recording;
}
