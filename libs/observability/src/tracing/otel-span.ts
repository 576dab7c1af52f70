import { SpanStatusCode, type Attributes, type Span as ApiSpan } from '@opentelemetry/api';
import { errorText, redactText, TroncalError } from '@troncal/kernel';
import type { Trace } from '../trace.js';
import { SPAN_ATTRIBUTES, type SpanAttributes } from './span-attributes.js';
import type { Span } from './span.js';

const LONGEST = 200;

/** Our span on OpenTelemetry's. */
export class OtelSpan implements Span {
  readonly trace: Trace;

  constructor(
    private readonly span: ApiSpan,
    parentSpanId: string | undefined,
  ) {
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.trace = { traceId, spanId, sampled: (traceFlags & 1) === 1, ...(parentSpanId !== undefined && { parentSpanId }) };
  }

  set(attributes: SpanAttributes): void {
    this.span.setAttributes(toAttributes(attributes));
  }

  event(name: string, attributes: SpanAttributes = {}): void {
    this.span.addEvent(name, toAttributes(attributes));
  }

  fail(error: unknown): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR, message: cleanText(errorText(error)) });
    this.span.setAttribute('error.type', error instanceof TroncalError ? error.code : error instanceof Error ? error.name : 'unknown');
  }

  end(at?: number): void {
    this.span.end(at);
  }
}

/** Only what is listed goes out, numbers masked and cut short; whatever a caller of ours got past the compiler is left out. */
export function toAttributes(attributes: SpanAttributes): Attributes {
  const clean: Attributes = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || !Object.hasOwn(SPAN_ATTRIBUTES, name)) continue;
    clean[name] = typeof value === 'string' ? cleanText(value) : typeof value === 'object' ? value.map(cleanText) : value;
  }
  return clean;
}

function cleanText(text: string): string {
  return redactText(text).slice(0, LONGEST);
}
