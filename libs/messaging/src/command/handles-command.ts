import { Ctx, MessagePattern, NatsContext, Payload, Transport } from '@nestjs/microservices';
import type { MsgHdrs } from '@nats-io/transport-node';
import type { CommandDefinition } from '@troncal/contracts';
import type { z } from 'zod';
import { answerCommand, type CommandMethod } from './answer-command.js';
import type { CommandReply } from './command-wire.js';

/**
 * The method of a `@Controller()` answers a command. The request is checked against the schema (unknown fields dropped, every fault
 * named in the answer) and so is the reply. Replicas share the work (queue group). What the method throws reaches the asker as the same kind
 * of error with the same code. The work runs in the asker's trace, tenant and correlation.
 */
export function HandlesCommand<Request extends z.ZodObject, Reply extends z.ZodObject>(command: CommandDefinition<Request, Reply>) {
  return (target: object, key: string, descriptor: TypedPropertyDescriptor<CommandMethod<Request, Reply>>): void => {
    const method = descriptor.value;
    if (!method) throw new Error(`@HandlesCommand is for methods; ${key} is none.`);
    async function answer(this: object, payload: unknown, context?: NatsContext): Promise<CommandReply> {
      return answerCommand(command, payload, context?.getHeaders() as MsgHdrs | undefined, (request) => (method as CommandMethod<Request, Reply>).call(this, request));
    }
    Object.defineProperty(answer, 'name', { value: key });
    const wrapped: PropertyDescriptor = { ...descriptor, value: answer };
    Object.defineProperty(target, key, wrapped);
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    MessagePattern(command.subject, Transport.NATS, { queue: command.service })(target, key, wrapped);
    descriptor.value = answer as unknown as CommandMethod<Request, Reply>;
  };
}

/** How an instance of a class answers one command; made by `answers`. */
export type CommandAnswer<Target extends object> = (prototype: Target) => void;

/** A command and how it is answered, for a table of `HandlesCommands`. */
export function answers<Target extends object, Request extends z.ZodObject, Reply extends z.ZodObject>(
  command: CommandDefinition<Request, Reply>,
  answer: (target: Target, request: z.output<Request>) => Promise<z.input<Reply>>,
): CommandAnswer<Target> {
  return (prototype) => {
    function method(this: Target, request: z.output<Request>): Promise<z.input<Reply>> {
      return answer(this, request);
    }
    const descriptor = { value: method, writable: true, configurable: true };
    Object.defineProperty(prototype, command.subject, descriptor);
    HandlesCommand(command)(prototype, command.subject, descriptor);
  };
}

/** Many commands of one kind, each as if a method had `@HandlesCommand`: for a controller that is a table. */
export function HandlesCommands<Target extends object>(table: readonly CommandAnswer<Target>[]) {
  return (target: { readonly prototype: Target }): void => {
    for (const answer of table) answer(target.prototype);
  };
}
