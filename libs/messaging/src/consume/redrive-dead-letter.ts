import { errorText, PermanentError, withDeadline } from '@troncal/kernel';
import { isDatabaseAway, unknownDeadLetter, type DeadLetter } from '@troncal/persistence';
import type { ConsumerRuntime, ConsumerSurroundings } from './consumer-runtime.js';
import { reasonOf } from './dead-letter.js';
import { openMessage, processing, rawLetter, type Handler, type OpenedEvent } from './open-message.js';

/** Why a letter can't be redriven by this application. */
export interface Obstacle {
  readonly code: 'handler_unknown' | 'dead_letter_unreadable';
  readonly reason: string;
}

interface Redrivable {
  readonly handler: Handler;
  readonly opened: OpenedEvent;
}

/**
 * Gives a dead letter to the handler that gave it up, and to no other. Its effect, its record and the end of the letter are one transaction, so
 * that it takes effect once. It comes after its successors, which have taken effect meanwhile; a handler sees that by the event's `sequence`.
 * What could not be read when it was given up, and can be by this version, has no record yet: it gets it here, for its message or another
 * letter of it may come as well.
 */
export class RedriveDeadLetter {
  constructor(
    private readonly runtime: Pick<ConsumerRuntime, 'handlerNamed' | 'inTurn'>,
    private readonly around: Pick<ConsumerSurroundings, 'inbox' | 'deadLetters' | 'logger' | 'spans'>,
  ) {}

  /** Why this application can't redrive the letter as it is now; undefined when it can. */
  obstacle(letter: DeadLetter): Obstacle | undefined {
    const read = this.read(letter);
    return 'reason' in read ? read : undefined;
  }

  /**
   * One try. A letter that was redriven before is answered as it is.
   * @param by id of the API key, for the letter's history and the log
   * @throws PermanentError `unknown_dead_letter`, `dead_letter_discarded`; `dead_letter_unreadable`, `handler_unknown`; `event_settled` (409) when the event
   *   of a letter that could not be read was taken or given up otherwise; `redrive_failed` when the
   *   handler threw again: the letter then waits on with one more try. TransientError `database_away`: nothing is noted
   */
  async run(id: string, by: string): Promise<DeadLetter> {
    const letter = await this.around.deadLetters.find(id);
    if (!letter) throw unknownDeadLetter(id);
    if (letter.state !== 'waiting') return this.around.deadLetters.redrive(id, by, async () => {});
    const read = this.read(letter);
    if ('reason' in read) throw new PermanentError(read.code, `The dead letter ${id} can't be redriven: ${read.reason}`, { status: 409, remedy: 'It can be shown and discarded.' });
    const { handler, opened } = read;
    return this.runtime.inTurn(handler, () => processing({ raw: rawLetter(letter), opened, handler, spans: this.around.spans }, () => this.redrive(letter, by, handler, opened)));
  }

  private async redrive(letter: DeadLetter, by: string, handler: Handler, { event, entry }: OpenedEvent): Promise<DeadLetter> {
    const { inbox, deadLetters, logger } = this.around;
    const facts = { letter: letter.id, handler: handler.handler, event: event.id, key: by };
    let hasFailed = false;
    try {
      const settled = await deadLetters.redrive(letter.id, by, async (tx, { tries }) => {
        await inbox.holdAggregate(tx, entry);
        // A letter with an id was given up by that id, and stands for the event alone.
        if (letter.eventId === undefined && !(await inbox.recordLate(tx, entry))) throw eventSettled(letter.id, event.id);
        hasFailed = true;
        await withDeadline(handler.handle(event, { tx, attempt: tries + 1 }), handler.timeoutMs, `The handler ${handler.durable}`);
        hasFailed = false;
      });
      logger.info(facts, 'a dead letter was redriven');
      return settled;
    } catch (error) {
      if (!hasFailed || isDatabaseAway(error)) throw error;
      const reason = reasonOf(error);
      logger.warn({ ...facts, err: error }, 'redriving a dead letter failed');
      await deadLetters.noteFailure(letter.id, by, reason);
      throw new PermanentError('redrive_failed', `Handling it failed again: ${reason.error} (${reason.code}).`, { status: 409, cause: error, remedy: 'The letter waits on. Mend the cause, then redrive it; or discard it.' });
    }
  }

  private read(letter: DeadLetter): Redrivable | Obstacle {
    const handler = this.runtime.handlerNamed(letter.handler);
    if (!handler) return { code: 'handler_unknown', reason: `No handler here is called ${letter.handler}.` };
    const opened = openMessage(rawLetter(letter), handler);
    return 'event' in opened ? { handler, opened } : { code: 'dead_letter_unreadable', reason: errorText(opened.unreadable) };
  }
}

function eventSettled(letterId: string, eventId: string): PermanentError {
  return new PermanentError('event_settled', `The event ${eventId} of the dead letter ${letterId} has taken effect here already, or was given up in another letter.`, {
    status: 409,
    remedy: 'Discard this one; the other letter, if there is one, can be redriven.',
    details: { letterId, eventId },
  });
}
