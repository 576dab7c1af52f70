/** An answer that hasn't begun, or gone on, for this long: the provider hangs. */
export const ANSWER_WITHIN_MS = 8_000;

/** Asked of a session that takes over while an answer was awaited. */
const ANSWER = 'The connection was interrupted for a moment. The last words of the caller are unanswered: answer them now. Be brief, do not greet again and do not mention the interruption.';
/** Asked of a session that takes over in the middle of an answer. */
const GO_ON = 'You were cut off in the middle of what you said last; the conversation shows how far the caller heard it. Go on exactly from there, repeat none of it, do not greet again and do not mention the interruption.';

/** The answer that the caller waits for, if any: how long it may take, and how another session is asked for what is left of it. Times in monotonic ms. */
export class OwedAnswer {
  private dueAt: number | undefined;
  private begun = false;
  private asked: string | undefined;

  get owed(): boolean {
    return this.dueAt !== undefined;
  }

  /** True once some of it was received. */
  get hasBegun(): boolean {
    return this.owed && this.begun;
  }

  /** The caller has spoken, or an utterance was asked for. */
  wanted(now: number, instructions?: string): void {
    this.dueAt = now + ANSWER_WITHIN_MS;
    this.begun = false;
    this.asked = instructions;
  }

  /** The engine has begun to make an utterance, of its own accord perhaps. */
  making(now: number): void {
    this.dueAt ??= now + ANSWER_WITHIN_MS;
  }

  /** A sign of life of what is awaited; `audible`: some of its sound. */
  goesOn(now: number, audible: boolean): void {
    if (this.dueAt === undefined) return;
    this.dueAt = now + ANSWER_WITHIN_MS;
    this.begun ||= audible;
  }

  /** It is there, or nobody wants it any more. */
  done(): void {
    this.dueAt = undefined;
    this.begun = false;
    this.asked = undefined;
  }

  /** True when it's late; asked again it starts to count anew. */
  overdue(now: number): boolean {
    return this.dueAt !== undefined && now > this.dueAt;
  }

  /** How a session that takes over is asked for it; undefined when nothing is owed. */
  again(now: number): string | undefined {
    if (this.dueAt === undefined) return undefined;
    this.dueAt = now + ANSWER_WITHIN_MS;
    return this.begun ? GO_ON : (this.asked ?? ANSWER);
  }
}
