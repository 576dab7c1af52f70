import { HttpException } from '@nestjs/common';
import { ContractError, problemType, type Problem } from '@troncal/contracts';
import { TroncalError } from '@troncal/kernel';

/** An error as an RFC 9457 problem; `unforeseen` when it's a fault of ours that must be logged and not shown. */
export interface Translated {
  readonly problem: Problem;
  readonly unforeseen: boolean;
}

/** Codes for errors that have only a status: Nest's and Fastify's own. */
const CODES: Readonly<Record<number, string>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** A problem of our making. */
export function problem(status: number, code: string, detail: string, errors?: Problem['errors']): Problem {
  return { type: problemType(code), title: code.replaceAll('_', ' '), status, code, detail, ...(errors && errors.length > 0 && { errors }) };
}

/** Whatever was thrown while a request was handled, as its problem. */
export function toProblem(error: unknown): Translated {
  if (error instanceof TroncalError) {
    const detail = error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
    const errors = error.faults.map((fault) => ({ path: fault.where, message: fault.message }));
    return { problem: problem(error.status, error.code, detail, errors), unforeseen: error.status >= 500 && !error.retryable };
  }
  // Raised while stating a fact: the mistake is ours, not the client's.
  if (error instanceof ContractError) return internal();
  if (error instanceof HttpException) return { problem: fromStatus(error.getStatus(), error.message), unforeseen: error.getStatus() >= 500 };
  const status = fastifyStatus(error);
  if (status !== undefined && error instanceof Error) return { problem: fromStatus(status, error.message), unforeseen: false };
  return internal();
}

function internal(): Translated {
  return {
    problem: problem(500, 'internal_error', 'The request failed for a reason of our own. The log of the service has the details under this request id.'),
    unforeseen: true,
  };
}

// Fastify's two complaints about a JSON body (5.12: FST_ERR_CTP_INVALID_JSON_BODY, FST_ERR_CTP_EMPTY_JSON_BODY). Nest hands them on as HttpExceptions without the code.
const MALFORMED = /^Body (is not valid JSON|cannot be empty)/;

function fromStatus(status: number, detail: string): Problem {
  if (status === 400 && MALFORMED.test(detail)) return problem(400, 'malformed_json', `${detail}.`);
  return problem(status, CODES[status] ?? (status < 500 ? 'bad_request' : 'internal_error'), detail);
}

/** Fastify's own errors (FST_…) carry the status they stand for. */
function fastifyStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  return error.statusCode >= 400 && error.statusCode < 500 ? error.statusCode : undefined;
}
