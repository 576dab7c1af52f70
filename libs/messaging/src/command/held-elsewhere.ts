import { TransientError } from '@troncal/kernel';

/** The replica that can answer. */
export interface OtherReplica {
  /** For people: the name of its place of work. */
  readonly name: string;
  /** Its process, as `{ to }` of a command. */
  readonly replica: string;
  /** Where its HTTP answers. */
  readonly url: string;
}

/**
 * What was asked for is in another replica's hands. A handler of a command or of HTTP that throws this has its request passed on, once: CommandClient
 * asks that replica, the chassis forwards the HTTP request. Whoever is passed a request and throws it again answers 503.
 */
export class HeldElsewhere extends TransientError {
  constructor(
    what: string,
    readonly other: OtherReplica,
  ) {
    super('held_elsewhere', `${what} is in the hands of ${other.name}.`, { details: { holder: other.name }, remedy: 'Ask again in a second: it is changing hands.' });
  }
}
