/**
 * Something went wrong that isn't the caller's own command: an event that can't be read, a listener that threw, a connection refused.
 * Nothing of this stops the client.
 */
export interface AriFault {
  readonly kind: 'bad-event' | 'listener' | 'connection';
  readonly message: string;
  readonly cause?: unknown;
}

export type FaultListener = (fault: AriFault) => void;
