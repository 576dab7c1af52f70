import type { JsMsg } from '@nats-io/jetstream';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { crashPoint } from '@troncal/config';
import { errorText, redactText, TroncalError } from '@troncal/kernel';
import type { GivenUp } from '@troncal/persistence';
import type { Bus } from '../connection/bus.js';

/** Headers of a dead letter, beside those it came with. */
export const DEAD_LETTER_HEADERS = {
  code: 'Troncal-Error-Code',
  error: 'Troncal-Error',
  subject: 'Troncal-Subject',
  stream: 'Troncal-Stream',
  sequence: 'Troncal-Stream-Sequence',
  consumer: 'Troncal-Consumer',
  attempts: 'Troncal-Attempts',
} as const;

/** Why something was given up, in a form that may be stored and shown: one line, no secrets. */
export function reasonOf(error: unknown): { readonly code: string; readonly error: string } {
  return {
    code: error instanceof TroncalError ? error.code : error instanceof Error ? error.name : 'unknown',
    // Header values end at a line break; error texts of validators have many.
    error: redactText(errorText(error)).replaceAll(/\s+/g, ' ').slice(0, 1000),
  };
}

/** A delivered message as a dead letter. */
export function letterOf(message: JsMsg, handler: string, eventId: string | undefined, error: unknown, tries: number): GivenUp {
  const headers: Record<string, string> = {};
  for (const [name, values] of message.headers ?? []) if (name !== 'Nats-Msg-Id' && values[0] !== undefined) headers[name] = values[0];
  return {
    handler,
    eventId,
    subject: message.subject,
    stream: message.info.stream,
    streamSequence: message.seq,
    publishedAt: message.time,
    body: message.data,
    headers,
    tries,
    ...reasonOf(error),
  };
}

/**
 * Tells the bus of a dead letter: bytes and headers as they came, under `dlq.<service>.<handler>`, with why and where it came from. Resolves
 * when it is stored; doing it twice within the dedupe window stores it once. What is done with the letter later happens in the service's own table.
 */
export async function sendDeadLetter(bus: Bus, letter: GivenUp, where: { readonly service: string; readonly durable: string }): Promise<void> {
  const headers = natsHeaders();
  for (const [name, value] of Object.entries(letter.headers)) headers.append(name, value);
  headers.set(DEAD_LETTER_HEADERS.code, letter.code);
  headers.set(DEAD_LETTER_HEADERS.error, letter.error);
  headers.set(DEAD_LETTER_HEADERS.subject, letter.subject);
  headers.set(DEAD_LETTER_HEADERS.stream, letter.stream);
  headers.set(DEAD_LETTER_HEADERS.sequence, String(letter.streamSequence));
  headers.set(DEAD_LETTER_HEADERS.consumer, where.durable);
  headers.set(DEAD_LETTER_HEADERS.attempts, String(letter.tries));
  crashPoint('dead-letter.before-publish');
  await bus.jetStream().publish(`dlq.${where.service}.${letter.handler}`, letter.body, { msgID: `${where.durable}:${letter.stream}:${letter.streamSequence}`, headers });
  crashPoint('dead-letter.after-publish');
}
