import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Problem } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import { currentContext, type Logger } from '@troncal/observability';
import { HeldElsewhere } from '@troncal/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { forwardRequest, mayForward } from './forward-request.js';
import { toProblem } from './problem.js';

/** Answers every error of a request as application/problem+json (RFC 9457); what another replica holds is answered by that one. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (!(error instanceof HeldElsewhere) || !mayForward(request)) return this.answer(error, host);
    forwardRequest(request, host.switchToHttp().getResponse<FastifyReply>(), error).catch((failed: unknown) => this.answer(failed, host));
  }

  private answer(error: unknown, host: ArgumentsHost): void {
    const { problem, unforeseen } = toProblem(error);
    if (unforeseen) this.logger.error({ err: error }, 'a request failed');
    else this.logger.debug({ status: problem.status, code: problem.code, reason: errorText(error) }, 'a request was refused');
    void sendProblem(host.switchToHttp().getResponse<FastifyReply>(), problem);
  }
}

/** Sends a problem, with the request's id as its instance. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const request = currentContext()?.requestId;
  if (problem.status === 503) void reply.header('retry-after', '1');
  return reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send({ ...problem, ...(request !== undefined && { instance: `urn:troncal:request:${request}` }) });
}
