/** A call that waits in a queue, or whose caller talks with somebody. */
export interface LineEntry {
  readonly callSid: string;
  readonly environment: string;
  /** Whose people the call's are: the queue's tenant while it waits. */
  readonly tenant: string;
  readonly queue: string | undefined;
  /** Since when it waits, ms; 0 when it doesn't. */
  readonly since: number;
  /** The extension of who talks with the caller. */
  readonly talksWith: string | undefined;
}

/** The calls in line, of all replicas. */
export abstract class QueueLineRepository {
  /** In the order in which they came. @throws TransientError `database_away` */
  abstract read(): Promise<LineEntry[]>;
}
