import type { Msg, Subscription } from '@nats-io/transport-node';
import type { CommandDefinition } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import { runInContext, type Logger, type SpanMaker } from '@troncal/observability';
import type { z } from 'zod';
import type { Bus } from '../connection/bus.js';
import { answerCommand, type CommandMethod } from './answer-command.js';
import { faultBehind } from './command-wire.js';

/**
 * The commands of a service that `@HandlesCommand` doesn't fit: those meant for this one replica (asked with `{ to: replica }`), and those that
 * it shares with the others until it says that it takes no more. Answers as `@HandlesCommand` does; closed with the application.
 */
export class CommandDesk {
  private readonly shared = new Map<string, Subscription>();
  private readonly mine: Subscription[] = [];
  private readonly atWork = new Set<Promise<void>>();

  /** @param faults the log for failures that askers aren't told the reason of */
  constructor(
    private readonly bus: Bus,
    private readonly faults: Logger,
    private readonly spans?: SpanMaker,
    /** This process among the replicas of its service; a token of a NATS subject. */
    readonly replica: string = newId().toLowerCase(),
  ) {}

  /** Answers what is asked of this very replica. Resolves when the server knows. */
  async answer<Request extends z.ZodObject, Reply extends z.ZodObject>(command: CommandDefinition<Request, Reply>, method: CommandMethod<Request, Reply>): Promise<void> {
    this.mine.push(await this.subscribe(`${command.subject}.${this.replica}`, undefined, command, method));
  }

  /** Shares a command with the other replicas: each is answered by one of them. Resolves when the server knows. */
  async share<Request extends z.ZodObject, Reply extends z.ZodObject>(command: CommandDefinition<Request, Reply>, method: CommandMethod<Request, Reply>): Promise<void> {
    this.shared.set(command.subject, await this.subscribe(command.subject, command.service, command, method));
  }

  /** Takes no more of a shared command; what was given to this replica already is answered. Resolves when the others get all that is asked. */
  async leave(command: CommandDefinition): Promise<void> {
    const subscription = this.shared.get(command.subject);
    this.shared.delete(command.subject);
    if (subscription !== undefined) await this.end(subscription);
  }

  /** Takes nothing any more, and ends the work at hand. */
  async close(): Promise<void> {
    const all = [...this.mine.splice(0), ...this.shared.values()];
    this.shared.clear();
    await Promise.allSettled(all.map((subscription) => this.end(subscription)));
    while (this.atWork.size > 0) await Promise.allSettled(this.atWork);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  private async end(subscription: Subscription): Promise<void> {
    if (this.bus.connected) await subscription.drain();
    else subscription.unsubscribe();
  }

  private async subscribe<Request extends z.ZodObject, Reply extends z.ZodObject>(subject: string, queue: string | undefined, command: CommandDefinition<Request, Reply>, method: CommandMethod<Request, Reply>): Promise<Subscription> {
    const connection = await this.bus.connection();
    const subscription = connection.subscribe(subject, {
      ...(queue === undefined ? {} : { queue }),
      callback: (error, message) => {
        if (error) return this.faults.error({ err: error, command: subject }, 'a command is not given to this replica');
        const work = this.respond(command, message, method)
          // The connection may be closed by now; then nobody waits for the answer.
          .catch((failed: unknown) => this.faults.error({ err: failed, command: subject }, 'the answer to a command could not be sent'))
          .finally(() => this.atWork.delete(work));
        this.atWork.add(work);
      },
    });
    await connection.flush();
    return subscription;
  }

  private async respond<Request extends z.ZodObject, Reply extends z.ZodObject>(command: CommandDefinition<Request, Reply>, message: Msg, method: CommandMethod<Request, Reply>): Promise<void> {
    const asked = readPacket(message);
    const answer = (): ReturnType<typeof answerCommand> => answerCommand(command, asked.data, message.headers, method);
    const reply = await (this.spans ? runInContext({ spans: this.spans }, answer) : answer());
    const fault = faultBehind(reply);
    if (fault !== undefined) this.faults.error({ err: fault, command: message.subject }, 'a command failed');
    message.respond(JSON.stringify({ id: asked.id, response: reply, isDisposed: true }));
  }
}

function readPacket(message: Msg): { readonly id?: unknown; readonly data?: unknown } {
  try {
    return message.json<{ id?: unknown; data?: unknown }>();
  } catch {
    return {};
  }
}
