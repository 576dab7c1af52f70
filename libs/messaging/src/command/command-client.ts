import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';
import { faultsOf, type CommandDefinition } from '@troncal/contracts';
import { newId, PermanentError, TransientError, TroncalError } from '@troncal/kernel';
import { currentContext, formatTraceparent, inSpan, outgoingTrace, type Histogram } from '@troncal/observability';
import type { z } from 'zod';
import type { Bus } from '../connection/bus.js';
import { askingFailed, COMMAND_HEADERS, commandReplySchema, elsewhere, errorOf } from './command-wire.js';

export interface AskOptions {
  /** How long to wait for the answer, a replica in between included; the command's own when absent. */
  readonly timeoutMs?: number;
  /** One replica of the service, by its `CommandDesk.replica`; any of them when absent. */
  readonly to?: string;
  /**
   * How often it is asked when no answer comes in time, 1 when absent: of any replica it may have been asked of the very one that just died. For what does no harm when it is
   * done twice.
   */
  readonly tries?: number;
}

/** Asks other services. The wire is Nest's for Transport.NATS, so that any Nest application can answer, and ask. */
export class CommandClient {
  /** @param took observes each asking */
  constructor(
    private readonly bus: Bus,
    private readonly took?: Histogram<'command' | 'outcome'>,
  ) {}

  /**
   * Asks and waits for the answer; a replica that names another one as the right one is believed, once. At most once, unless `tries` says otherwise: a command whose answer didn't
   * come may have been carried out.
   * @throws PermanentError or TransientError as the answering side threw it; TransientError `bus_away`, `no_one_answers`,
   *   `deadline_exceeded`; PermanentError `bad_command` (the request breaks its schema) or `bad_reply`
   */
  async ask<Request extends z.ZodObject, Reply extends z.ZodObject>(
    command: CommandDefinition<Request, Reply>,
    data: z.input<Request>,
    options: AskOptions = {},
  ): Promise<z.output<Reply>> {
    const checked = command.request.safeParse(data);
    if (!checked.success) throw new PermanentError('bad_command', `${command.subject} can't be asked with this: ${faultsOf(checked.error).join('; ')}.`);
    for (let tries = options.tries ?? 1; ; tries -= 1) {
      try {
        return await this.once(command, checked.data, options);
      } catch (error) {
        if (tries <= 1 || !(error instanceof TransientError) || error.code !== 'deadline_exceeded') throw error;
      }
    }
  }

  private async once<Request extends z.ZodObject, Reply extends z.ZodObject>(command: CommandDefinition<Request, Reply>, data: z.output<Request>, options: AskOptions): Promise<z.output<Reply>> {
    const timeoutMs = options.timeoutMs ?? command.timeoutMs;
    const packet = JSON.stringify({ id: newId(), pattern: command.subject, data });
    // Asked only while connected: the library would keep the request and send it after a reconnect, long after we gave up on it.
    const connection = this.bus.open();
    const attributes = { 'messaging.system': 'nats', 'messaging.operation.name': 'request', 'messaging.operation.type': 'send', 'messaging.destination.name': command.subject };
    return inSpan(`request ${command.subject}`, { kind: 'client', attributes }, () => this.timed(command.subject, async () => {
      const expiresAt = Date.now() + timeoutMs;
      const request = async (to: string | undefined): Promise<unknown> => {
        try {
          const timeout = Math.max(1, expiresAt - Date.now());
          const message = await connection.request(to === undefined ? command.subject : `${command.subject}.${to}`, packet, { timeout, headers: headersOf(expiresAt) });
          return (message.json<{ response?: unknown }>()).response;
        } catch (error) {
          throw askingFailed(error, command.subject, timeoutMs);
        }
      };
      const answer = await request(options.to);
      const other = options.to === undefined ? elsewhere(answer) : undefined;
      return this.read(command, other === undefined ? answer : await request(other));
    }));
  }

  private async timed<T>(command: string, work: () => Promise<T>): Promise<T> {
    const done = this.took?.startTimer({ command });
    try {
      const answer = await work();
      done?.({ outcome: 'ok' });
      return answer;
    } catch (error) {
      done?.({ outcome: error instanceof TroncalError ? error.code : 'failed' });
      throw error;
    }
  }

  private read<Request extends z.ZodObject, Reply extends z.ZodObject>(command: CommandDefinition<Request, Reply>, answer: unknown): z.output<Reply> {
    const reply = commandReplySchema.safeParse(answer);
    if (reply.success && !reply.data.ok) throw errorOf(reply.data, command.subject);
    const read = reply.success && reply.data.ok ? command.reply.safeParse(reply.data.data) : undefined;
    if (read?.success) return read.data;
    const faults = reply.success ? (read?.error ? faultsOf(read.error) : []) : faultsOf(reply.error);
    throw new PermanentError('bad_reply', `The answer to ${command.subject} breaks its contract: ${faults.join('; ')}.`, { status: 502 });
  }
}

function headersOf(expiresAt: number): MsgHdrs {
  const context = currentContext();
  const headers = natsHeaders();
  headers.set(COMMAND_HEADERS.traceparent, formatTraceparent(outgoingTrace()));
  headers.set(COMMAND_HEADERS.expires, String(expiresAt));
  if (context?.tenant !== undefined) headers.set(COMMAND_HEADERS.tenant, context.tenant);
  if (context?.correlationId !== undefined) headers.set(COMMAND_HEADERS.correlation, context.correlationId);
  if (context?.causationId !== undefined) headers.set(COMMAND_HEADERS.causation, context.causationId);
  return headers;
}
