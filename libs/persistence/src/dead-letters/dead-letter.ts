import { PermanentError } from '@troncal/kernel';

/** A message that a handler could not handle, as it is given up. */
export interface GivenUp {
  readonly handler: string;
  /** Undefined for what is no event. */
  readonly eventId: string | undefined;
  readonly subject: string;
  readonly stream: string;
  readonly streamSequence: number;
  readonly publishedAt: Date;
  /** Bytes and headers as they came. */
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** Why: the error's code, and its text without secrets. */
  readonly code: string;
  readonly error: string;
  readonly tries: number;
}

/** waiting: nobody has decided. redriven: it took effect after all. discarded: it never will. */
export type DeadLetterState = 'waiting' | 'redriven' | 'discarded';

/** What somebody did with a dead letter. */
export interface DeadLetterAct {
  readonly at: string;
  /** Id of the API key. */
  readonly by: string;
  readonly act: 'redrive' | 'discard';
  readonly outcome: 'done' | 'failed';
  /** Why a redrive failed. */
  readonly code?: string;
  readonly error?: string;
  /** Why it was discarded, as the person said. */
  readonly reason?: string;
}

/** A dead letter as it is stored. */
export interface DeadLetter extends GivenUp {
  readonly id: string;
  readonly tenant: string;
  readonly eventType: string;
  readonly state: DeadLetterState;
  /** The latest acts, the newest last. */
  readonly history: readonly DeadLetterAct[];
  readonly givenUpAt: Date;
  readonly settledAt: Date | undefined;
}

export interface DeadLetterFilter {
  readonly handler?: string | undefined;
  readonly tenant?: string | undefined;
  readonly state?: DeadLetterState | undefined;
  /** Given up then or later. */
  readonly since?: Date | undefined;
  readonly limit: number;
  /** Id of the last one of the page before. */
  readonly after?: string | undefined;
}

/** What is the same when a message is given up twice, because the process died in between. */
export const originOf = (letter: GivenUp): string =>
  letter.eventId === undefined ? `${letter.handler}:${letter.stream}:${letter.streamSequence}:${letter.publishedAt.getTime()}` : `${letter.handler}:${letter.eventId}`;

/** Tenant and type by the subject (`evt.<tenant>.<domain>.<type>`): there also for what can't be read. */
export function placeOf(subject: string): { readonly tenant: string; readonly eventType: string } {
  const [, tenant = '', , ...type] = subject.split('.');
  return { tenant, eventType: type.join('.') };
}

/** The error for an id that stands for no dead letter. */
export const unknownDeadLetter = (id: string): PermanentError =>
  new PermanentError('unknown_dead_letter', `There is no dead letter ${id} here.`, { status: 404, remedy: 'It may belong to another service, or have been forgotten some days after it was settled.' });
