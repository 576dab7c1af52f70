import { RequestError, TimeoutError } from '@nats-io/transport-node';
import { problemSchema, problemType, type Problem } from '@troncal/contracts';
import { errorText, PermanentError, TransientError, TroncalError } from '@troncal/kernel';
import { z } from 'zod';
import { HeldElsewhere } from './held-elsewhere.js';

/** Headers of a command. */
export const COMMAND_HEADERS = {
  traceparent: 'traceparent',
  tenant: 'Troncal-Tenant',
  correlation: 'Troncal-Correlation',
  causation: 'Troncal-Causation',
  /** Milliseconds since the epoch: nobody waits for the answer any longer. */
  expires: 'Troncal-Expires',
} as const;

/** A reply: the answer, or a problem and whether asking again may help. */
export const commandReplySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), retryable: z.boolean(), problem: problemSchema, elsewhere: z.string().optional().describe('The replica that can answer.') }),
]);
export type CommandReply = z.infer<typeof commandReplySchema>;

const FAULT = Symbol('fault');

/** The error behind a failed reply that the asker isn't told of; for the answering side's log. Does not survive the wire. */
export function faultBehind(reply: unknown): unknown {
  return typeof reply === 'object' && reply !== null ? (reply as { [FAULT]?: unknown })[FAULT] : undefined;
}

/** Whatever a handler threw, as a reply. What isn't one of our errors says nothing about our insides. */
export function failureReply(error: unknown): CommandReply {
  if (!(error instanceof TroncalError)) {
    const reply: CommandReply = { ok: false, retryable: true, problem: problem('internal_error', 500, 'The command failed for a reason of our own; see the log of the answering service.') };
    return Object.assign(reply, { [FAULT]: error });
  }
  const detail = error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
  return {
    ok: false,
    retryable: error.retryable,
    ...(error instanceof HeldElsewhere && { elsewhere: error.other.replica }),
    problem: {
      ...problem(error.code, error.status, detail),
      ...(error.faults.length > 0 && { errors: error.faults.map((fault) => ({ path: fault.where, message: fault.message })) }),
    },
  };
}

/** The replica that an answer names as the right one to ask; undefined when the answer is one. */
export function elsewhere(answer: unknown): string | undefined {
  const reply = commandReplySchema.safeParse(answer);
  return reply.success && !reply.data.ok ? reply.data.elsewhere : undefined;
}

/** The error that a failed reply stands for: PermanentError or TransientError with the answering side's code, status and faults. */
export function errorOf(reply: Extract<CommandReply, { ok: false }>, subject: string): TroncalError {
  const { problem: told, retryable } = reply;
  const facts = {
    status: told.status,
    details: { command: subject },
    ...(told.errors && { faults: told.errors.map((fault) => ({ where: fault.path, message: fault.message })) }),
  };
  return retryable ? new TransientError(told.code, told.detail, facts) : new PermanentError(told.code, told.detail, facts);
}

/** An error of the bus while asking, in our terms. */
export function askingFailed(error: unknown, subject: string, timeoutMs: number): TroncalError {
  if (error instanceof TroncalError) return error;
  if (error instanceof RequestError && error.isNoResponders()) {
    return new TransientError('no_one_answers', `No service answers ${subject} now.`, { cause: error, details: { command: subject }, remedy: 'See that the service that owns the command is running and ready.' });
  }
  if (error instanceof TimeoutError || (error instanceof RequestError && error.cause instanceof TimeoutError)) {
    return new TransientError('deadline_exceeded', `${subject} was not answered within ${timeoutMs} ms.`, { cause: error, status: 504, details: { command: subject } });
  }
  return new TransientError('bus_failed', `${subject} could not be asked: ${errorText(error)}.`, { cause: error, details: { command: subject } });
}

function problem(code: string, status: number, detail: string): Problem {
  return { type: problemType(code), title: code.replaceAll('_', ' '), status, code, detail };
}
