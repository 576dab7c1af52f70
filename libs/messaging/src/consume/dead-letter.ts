import type { JsMsg } from '@nats-io/jetstream';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { crashPoint } from '@troncal/config';
import { errorText, redactText, TroncalError } from '@troncal/kernel';
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

/**
 * Stores a message, bytes and headers as they came, in the dead-letter stream under `dlq.<service>.<handler>`, with why and where it
 * came from. Resolves when it is stored; doing it twice within the dedupe window stores it once.
 */
export async function sendDeadLetter(bus: Bus, message: JsMsg, where: { readonly service: string; readonly handler: string }, error: unknown, attempts: number): Promise<void> {
  const headers = natsHeaders();
  for (const [name, values] of message.headers ?? []) if (name !== 'Nats-Msg-Id') for (const value of values) headers.append(name, value);
  headers.set(DEAD_LETTER_HEADERS.code, error instanceof TroncalError ? error.code : error instanceof Error ? error.name : 'unknown');
  // Header values end at a line break; error texts of validators have many.
  headers.set(DEAD_LETTER_HEADERS.error, redactText(errorText(error)).replaceAll(/\s+/g, ' ').slice(0, 1000));
  headers.set(DEAD_LETTER_HEADERS.subject, message.subject);
  headers.set(DEAD_LETTER_HEADERS.stream, message.info.stream);
  headers.set(DEAD_LETTER_HEADERS.sequence, String(message.seq));
  headers.set(DEAD_LETTER_HEADERS.consumer, message.info.consumer);
  headers.set(DEAD_LETTER_HEADERS.attempts, String(attempts));
  crashPoint('dead-letter.before-publish');
  await bus.jetStream().publish(`dlq.${where.service}.${where.handler}`, message.data, {
    msgID: `${message.info.consumer}:${message.info.stream}:${message.seq}`,
    headers,
  });
  crashPoint('dead-letter.after-publish');
}
