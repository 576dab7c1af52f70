import type { z } from 'zod';
import type { ServiceName } from '../envelope/service-name.js';

export interface CommandSpec<TRequest extends z.ZodObject, TReply extends z.ZodObject> {
  /** The service that answers. */
  readonly service: ServiceName;
  /** Verb, kebab-case. */
  readonly verb: string;
  readonly version: number;
  /** Who may ask. */
  readonly clients: readonly ServiceName[];
  readonly summary: string;
  /** Default deadline in ms; a caller may set a shorter one. */
  readonly timeoutMs: number;
  readonly request: TRequest;
  readonly reply: TReply;
}

/** A request/reply command on core NATS: `cmd.<service>.<verb>.v<N>`. Always asked with a deadline; never shares a subject with an event. */
export interface CommandDefinition<TRequest extends z.ZodObject = z.ZodObject, TReply extends z.ZodObject = z.ZodObject> extends CommandSpec<TRequest, TReply> {
  readonly subject: string;
}

/** Defines a command of the catalogue. */
export function defineCommand<TRequest extends z.ZodObject, TReply extends z.ZodObject>(
  spec: CommandSpec<TRequest, TReply>,
): CommandDefinition<TRequest, TReply> {
  return { ...spec, subject: `cmd.${spec.service}.${spec.verb}.v${spec.version}` };
}
