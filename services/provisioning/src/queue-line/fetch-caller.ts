/** A call on Twilio's rail that is to ask us now what comes next, whatever it is doing. */
export interface FetchedCall {
  readonly environment: string;
  readonly owner: string;
  readonly heardBy: string;
  readonly url: string;
}

/** Fetches a caller from their music. */
export abstract class FetchCaller {
  /** Has Twilio ask that address at once. @throws what Twilio says; a caller who has left is nothing */
  abstract run(call: FetchedCall): Promise<void>;
}
