import { randomBytes } from 'node:crypto';

/** Where we are in a distributed trace (W3C Trace Context, level 1). */
export interface Trace {
  /** 32 hex digits, the same for everything that one cause set off. */
  readonly traceId: string;
  /** 16 hex digits, this step. */
  readonly spanId: string;
  /** The step that caused this one, when known. */
  readonly parentSpanId?: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** A trace that begins here. */
export function newTrace(): Trace {
  return { traceId: hex(16), spanId: hex(8), sampled: true };
}

/**
 * The root of a call's trace: every process that works for the call knows it without being told, so a replacement goes on in the same trace. The
 * trace id is the call id without dashes, the root's span id its second half (never zero: a UUID's 17th digit is 8 to b, RFC 9562).
 */
export function callTrace(callId: string): Trace {
  const traceId = callId.replaceAll('-', '');
  return { traceId, spanId: rootSpanId(traceId), sampled: true };
}

/** The span id of a call's root, by its trace id. */
export function rootSpanId(traceId: string): string {
  return traceId.slice(16);
}

/** The trace to work in for a call: the one around, if that is the call's already, so that causes stay connected; else the call's own root. */
export function traceForCall(callId: string, around: Trace | undefined): Trace {
  const root = callTrace(callId);
  return around?.traceId === root.traceId ? around : root;
}

/** A step caused by `parent`, in the same trace. */
export function childOf(parent: Trace): Trace {
  return { traceId: parent.traceId, spanId: hex(8), parentSpanId: parent.spanId, sampled: parent.sampled };
}

/**
 * Reads a `traceparent` header. Undefined for an absent or malformed one: by the specification the receiver then starts a new trace.
 * A version above 00 is read by its first four fields, as the specification asks.
 */
export function parseTraceparent(header: string | undefined): Trace | undefined {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(header ?? '') ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** The header that tells the next one where it was called from. */
export function formatTraceparent(trace: Trace): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.sampled ? '01' : '00'}`;
}

/** A step caused by whoever sent this header, or a new trace without a usable one. */
export function continueTrace(header: string | undefined): Trace {
  const parent = parseTraceparent(header);
  return parent ? childOf(parent) : newTrace();
}

/** A fresh span id. */
export function newSpanId(): string {
  return hex(8);
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
