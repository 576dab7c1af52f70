import type { Call } from '../calls/call.js';

/** A stream that somebody listens by. */
export interface ListenedStream {
  readonly wish: { readonly name: string | undefined };
  /** Settles at its end. */
  readonly ended: Promise<unknown>;
  stop(): void;
}

/** The streams of <Start>, which go on beside what the call does. */
export class Listeners {
  private readonly all = new Map<ListenedStream, Call>();

  add(call: Call, stream: ListenedStream): void {
    this.all.set(stream, call);
    void stream.ended.then(() => this.all.delete(stream));
  }

  /** Those of a call with that name; all of the call when none is said. */
  stop(call: Call, name: string | undefined): void {
    for (const [stream, of] of this.all) if (of === call && (name === undefined || stream.wish.name === name)) stream.stop();
  }
}
