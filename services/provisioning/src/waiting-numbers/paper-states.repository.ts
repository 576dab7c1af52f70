import type { Tx } from '@troncal/persistence';

/** A paper (bundle, port-in request) as it was seen. */
export interface PaperState {
  readonly environment: string;
  /** Its SID. */
  readonly paper: string;
  readonly status: string;
  readonly reason: string | undefined;
}

/** Remembers how papers stood that numbers wait for. */
export abstract class PaperStateRepository {
  /** False when it stood so before. */
  abstract note(tx: Tx, state: PaperState): Promise<boolean>;
  /** Notes that a run is begun for these papers, unless one was a while ago: a bundle that is approved and refused all the same isn't tried again and again. @returns those that it may begin for */
  abstract resume(tx: Tx, environment: string, papers: readonly string[]): Promise<ReadonlySet<string>>;
}
