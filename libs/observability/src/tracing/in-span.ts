import { isCallId } from '@troncal/kernel';
import { currentContext, runInContext, type WorkContext } from '../context.js';
import { childOf, newTrace, parseTraceparent, traceForCall, type Trace } from '../trace.js';
import type { Span, SpanOptions } from './span.js';

class NoSpan implements Span {
  constructor(private readonly given: Trace | undefined) {}

  get trace(): Trace {
    return this.given ?? newTrace();
  }

  set(): void {}
  event(): void {}
  fail(): void {}
  end(): void {}
}

const NOWHERE = new NoSpan(undefined);

/** Begins a span of the work around; one that goes nowhere while tracing is off. Whoever begins it ends it. */
export function startSpan(name: string, options: SpanOptions = {}): Span {
  const context = currentContext();
  if (context?.spans) return context.spans.open(name, options);
  const trace = options.parent ?? context?.trace;
  return trace ? new NoSpan(trace) : NOWHERE;
}

/**
 * Does `work` in a span of its own and ends it with the work, its failure noted. While tracing is off this is a look at the context and a call.
 */
export function inSpan<T>(name: string, options: SpanOptions | (() => SpanOptions), work: (span: Span) => T): T {
  const spans = currentContext()?.spans;
  if (!spans) return work(NOWHERE);
  const span = spans.open(name, typeof options === 'function' ? options() : options);
  return runInContext({ trace: span.trace }, () => finishWith(span, work));
}

function finishWith<T>(span: Span, work: (span: Span) => T): T {
  let result: T;
  try {
    result = work(span);
  } catch (error) {
    span.fail(error);
    span.end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  // The caller's own promise stays the one that rejects; this branch only looks.
  result.then(
    () => span.end(),
    (error: unknown) => {
      span.fail(error);
      span.end();
    },
  );
  return result;
}

/** Work that a message or request asks for. */
export interface AskedWork extends Pick<SpanOptions, 'kind' | 'attributes'> {
  readonly name: string;
  /** The sender's header, if it sent one. */
  readonly traceparent: string | undefined;
  /** What the work belongs to; a correlation that is a call's id makes it work of that call. */
  readonly context: Omit<Partial<WorkContext>, 'trace'>;
}

/** Where asked work belongs: in the call's trace when it is for a call, with the sender's beside it if that is another; else in the sender's. */
export function causeOf(traceparent: string | undefined, correlationId: string | undefined): { readonly parent: Trace | undefined; readonly links: readonly Trace[] } {
  const sender = parseTraceparent(traceparent);
  if (correlationId === undefined || !isCallId(correlationId)) return { parent: sender, links: [] };
  const parent = traceForCall(correlationId, sender);
  return { parent, links: sender && sender !== parent ? [sender] : [] };
}

/** Does asked work, in its context and in a span of its own. */
export function doAskedWork<T>({ name, traceparent, context, ...options }: AskedWork, work: (span: Span) => T): T {
  const { parent, links } = causeOf(traceparent, context.correlationId);
  const trace = parent ? childOf(parent) : newTrace();
  return runInContext({ ...context, trace }, () => inSpan(name, { ...options, links, ...(parent ? { parent } : { root: trace }) }, work));
}

/** The trace that goes out with what is sent now: the span around, which the receiver's becomes a child of. */
export function outgoingTrace(): Trace {
  const context = currentContext();
  if (!context) return newTrace();
  return context.spans ? context.trace : childOf(context.trace);
}
