import type { MsgHdrs } from '@nats-io/transport-node';
import { faultsOf, type CommandDefinition } from '@troncal/contracts';
import { PermanentError, TransientError } from '@troncal/kernel';
import { doAskedWork, type AskedWork } from '@troncal/observability';
import type { z } from 'zod';
import { COMMAND_HEADERS, failureReply, type CommandReply } from './command-wire.js';

/** Carries a command out. */
export type CommandMethod<Request extends z.ZodObject, Reply extends z.ZodObject> = (request: z.output<Request>) => Promise<z.input<Reply>>;

/** Clocks of two machines differ; a command is refused as too late only beyond this. */
const CLOCK_SKEW_MS = 1_000;

/** Answers one command: checks the request, the deadline and the reply; runs the work in the asker's trace, tenant and correlation. Never rejects. */
export async function answerCommand<Request extends z.ZodObject, Reply extends z.ZodObject>(
  command: CommandDefinition<Request, Reply>,
  payload: unknown,
  headers: MsgHdrs | undefined,
  method: CommandMethod<Request, Reply>,
): Promise<CommandReply> {
  try {
    refuseLate(command.subject, headers?.get(COMMAND_HEADERS.expires));
    const request = readRequest(command, payload);
    return await doAskedWork(workOf(command.subject, headers), async () => ({ ok: true, data: command.reply.parse(await method(request)) }));
  } catch (error) {
    return failureReply(error);
  }
}

function readRequest<Request extends z.ZodObject, Reply extends z.ZodObject>(command: CommandDefinition<Request, Reply>, payload: unknown): z.output<Request> {
  const request = command.request.safeParse(payload);
  if (request.success) return request.data;
  throw new PermanentError('validation_failed', `${command.subject} can't be answered: ${faultsOf(request.error).join('; ')}.`, {
    faults: request.error.issues.map((issue) => ({ where: `/${issue.path.map(String).join('/')}`, message: issue.message })),
  });
}

function refuseLate(subject: string, expires: string | undefined): void {
  if (!expires || !(Date.now() > Number(expires) + CLOCK_SKEW_MS)) return;
  throw new TransientError('too_late', `${subject} arrived after its deadline and was not carried out.`, { status: 504 });
}

function workOf(subject: string, headers: MsgHdrs | undefined): AskedWork {
  const text = (name: string): string | undefined => headers?.get(name) || undefined;
  const tenant = text(COMMAND_HEADERS.tenant);
  const correlationId = text(COMMAND_HEADERS.correlation);
  const causationId = text(COMMAND_HEADERS.causation);
  return {
    name: `answer ${subject}`,
    kind: 'server',
    traceparent: text(COMMAND_HEADERS.traceparent),
    attributes: { 'messaging.system': 'nats', 'messaging.operation.name': 'answer', 'messaging.operation.type': 'process', 'messaging.destination.name': subject },
    context: { ...(tenant !== undefined && { tenant }), ...(correlationId !== undefined && { correlationId }), ...(causationId !== undefined && { causationId }) },
  };
}
