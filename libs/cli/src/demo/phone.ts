import type { Ear } from './ear.js';

/** From when to when something was sent, by the ear's clock, ms. */
export interface Sent {
  readonly from: number;
  readonly to: number;
}

/** A call at one of the two lab phones. */
export interface Line {
  readonly ear: Ear;
  /** Speaks linear samples at 8 kHz; resolves when the last of them is sent. */
  speak(samples: Int16Array): Promise<Sent>;
  /** Presses a key (RFC 4733). */
  press(digit: string): Promise<Sent>;
  /** Ends the call; resolves when the other side has confirmed it. Does nothing when it is over. */
  hangUp(): Promise<void>;
  /** Resolves with the time when the call is over, whoever ended it. */
  readonly ended: Promise<number>;
  /** Aborted when the call is over, with an error that says how. */
  readonly over: AbortSignal;
}

/** A call that one of the phones placed. */
export interface PlacedCall extends Line {
  readonly invitedAt: number;
  readonly answeredAt: number;
}

/** A call that rings at one of the phones. */
export interface RingingCall {
  readonly ringingAt: number;
  answer(): Promise<Line & { readonly answeredAt: number }>;
}

/** A headless telephone as the lab call uses it; {@link openPhone} makes one of libs/sip-phone. */
export interface Phone {
  readonly extension: string;
  /** Throws a CliError that says what the registrar answered. */
  register(): Promise<void>;
  /** Resolves when it is answered. Throws a CliError with the SIP answer when it is refused, or when nobody answers. */
  dial(target: string): Promise<PlacedCall>;
  /** The next call that rings here. */
  nextCall(): Promise<RingingCall>;
  /** Ends its calls, unregisters and closes its sockets; never throws. */
  close(): Promise<void>;
}
