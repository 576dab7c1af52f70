import { AsyncLocalStorage } from 'node:async_hooks';
import { newTrace, type Trace } from './trace.js';
import type { SpanMaker } from './tracing/span.js';

/** What a piece of work belongs to. It follows the work through awaits and timers, into its log lines, events and commands. */
export interface WorkContext {
  readonly trace: Trace;
  /** Tenant code, lower-cased; `_` is the platform. */
  readonly tenant?: string;
  /** Call id, when the work is about one call. */
  readonly call?: string;
  /** The call, ticket, run or attempt that everything caused by it shares (the envelope's correlationid). */
  readonly correlationId?: string;
  /** The event or request that caused this work (the envelope's causationid). */
  readonly causationId?: string;
  /** HTTP request id. */
  readonly requestId?: string;
  /** Where the spans of this work go; absent while tracing is off. */
  readonly spans?: SpanMaker;
}

const storage = new AsyncLocalStorage<WorkContext>();

/** The context of the work now running; undefined outside of any. */
export function currentContext(): WorkContext | undefined {
  return storage.getStore();
}

/** Runs `work` in a context of its own: the given fields over those of the context around it, and a new trace when there is none. */
export function runInContext<T>(fields: Partial<WorkContext>, work: () => T): T {
  const around = storage.getStore();
  return storage.run({ ...around, ...fields, trace: fields.trace ?? around?.trace ?? newTrace() }, work);
}

/** Runs `work` outside of any context, for loops that outlive the request that happened to start them. */
export function runOutsideContext<T>(work: () => T): T {
  return storage.exit(work);
}
