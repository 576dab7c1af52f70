/** A caller at a queue, when it is to be decided whether they ring its people now. */
export interface QueuePlace {
  readonly environment: string;
  /** Whose queue it is. */
  readonly tenant: string;
  readonly queue: string;
  /** The parent call. */
  readonly callSid: string;
  /** Extensions of the people who could answer. */
  readonly people: readonly string[];
}

/** A caller who hears music until it is their turn. */
export interface HeldCaller extends QueuePlace {
  /** The leg that hears it. */
  readonly heardBy: string;
  /** Whose call it is: in that one's account it is fetched. */
  readonly owner: string;
  /** What Twilio asks when the music is over, and sooner when the caller is fetched. */
  readonly url: string;
}

/**
 * Who waits in the queues of Twilio's rail, and who of the people there talks, over all replicas: callers are put through in the order in which they came, as many at once as there
 * are people who are free. Answers from memory.
 */
export abstract class QueueLine {
  /** True as well for the first of all although everybody seems to talk, and while the line is not known: then whoever asks first rings first. */
  abstract isTheirTurn(place: QueuePlace): boolean;
  /** The caller is to be fetched from the music as soon as it is their turn. */
  abstract hold(held: HeldCaller): void;
  /** The call has gone on: there is nobody to be fetched. */
  abstract forget(callSid: string): void;
}
