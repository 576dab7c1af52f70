import type { Trace } from '../trace.js';
import type { SpanAttributes } from './span-attributes.js';

/** client and server: request/reply. producer and consumer: events. internal: the rest. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** How a span begins. */
export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: SpanAttributes;
  /** What caused it; the trace around the work when absent. */
  readonly parent?: Trace;
  /** Work of another trace that led to this. */
  readonly links?: readonly Trace[];
  /** Milliseconds since the epoch, for something that began before it could be told. */
  readonly startedAt?: number;
  /** The span is this very root, which others have pointed at before it is told: a call's (`callTrace`). It has no parent. */
  readonly root?: Trace;
}

/** A piece of work on its way into a trace. Never throws; after its end it takes nothing more. */
export interface Span {
  /** Where its own steps belong. */
  readonly trace: Trace;
  set(attributes: SpanAttributes): void;
  /** A moment within it. */
  event(name: string, attributes?: SpanAttributes): void;
  /** It did not work; `end` still follows. */
  fail(error: unknown): void;
  /** Tells it. A span that is never ended is never told. `at` in milliseconds since the epoch; now when absent. */
  end(at?: number): void;
}

/** Makes spans. */
export interface SpanMaker {
  /** Begins a span. */
  open(name: string, options?: SpanOptions): Span;
}

/** The spans of one service, until it closes. */
export interface TraceSink extends SpanMaker {
  /** Sends what waits, for two seconds at most, and ends. */
  close(): Promise<void>;
}
