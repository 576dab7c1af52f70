import { isSecretKey, REDACTED, redactText } from '@troncal/kernel';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { currentContext } from './context.js';

/**
 * Our logger: pino, one JSON object per line. Each line has service, tenant, call and trace of the running work.
 * Whatever is given under a key `pii`, or under a key that names a secret, is left out; phone numbers in text are masked, card numbers removed.
 */
export interface Logger extends Pick<PinoLogger, 'level' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'> {
  /** A logger whose every line carries these fields too. */
  child(bindings: Record<string, unknown>): Logger;
}

/** Levels from LOG_LEVEL. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

const DEEPEST = 8;
// A child inherits its parent's own properties, and so our wrapped `child`; the function beneath is taken from pino once.
const PROTOTYPE_CHILD = (pino({ enabled: false }) as { child: (this: unknown, bindings: object) => unknown }).child;

/** One logger per service; several services in one process have one each. */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    // Errors are made plain by cleanError; pino's own serializer would take them for strangers.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      bindings: cleanRecord,
      log: cleanRecord,
    },
    mixin: contextFields,
    hooks: {
      logMethod(this: PinoLogger, args: Parameters<PinoLogger['info']>, method: (...args: unknown[]) => void): void {
        method.apply(this, cleanArguments(args));
      },
    },
  };
  const logger = options.destination ? pino(settings, options.destination) : pino(settings);
  return cleanChildren(logger);
}

// Pino does not run formatters.bindings for child loggers (10.4.0, shown by logger.spec), so their bindings are cleaned on the way in.
function cleanChildren(root: PinoLogger): Logger {
  const child = (parent: PinoLogger, bindings: Record<string, unknown>): PinoLogger => PROTOTYPE_CHILD.call(parent, cleanRecord(bindings)) as PinoLogger;
  const wrap = (logger: PinoLogger): Logger => Object.assign(logger, { child: (bindings: Record<string, unknown>) => wrap(child(logger, bindings)) });
  return wrap(root);
}

function contextFields(): Record<string, unknown> {
  const context = currentContext();
  if (!context) return {};
  return {
    trace: context.trace.traceId,
    span: context.trace.spanId,
    ...(context.tenant !== undefined && { tenant: context.tenant }),
    ...(context.call !== undefined && { call: context.call }),
    ...(context.correlationId !== undefined && { correlation: context.correlationId }),
    ...(context.requestId !== undefined && { request: context.requestId }),
  };
}

function cleanArguments(args: readonly unknown[]): unknown[] {
  const [first, ...rest] = args;
  // Pino takes the message of a lone error unseen by any hook; so it's given here.
  if (first instanceof Error) return [{ err: first }, ...(rest.length > 0 ? rest.map(cleanText) : [redactText(first.message)])];
  return [typeof first === 'string' ? redactText(first) : first, ...rest.map(cleanText)];
}

function cleanText(value: unknown): unknown {
  return typeof value === 'string' ? redactText(value) : value;
}

function cleanRecord(record: Record<string, unknown>): Record<string, unknown> {
  return cleanEntries(record, 0, new Set());
}

function cleanEntries(record: object, depth: number, seen: Set<object>): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(record)) {
    clean[key] = key === 'pii' || (isSecretKey(key) && value !== undefined && value !== null) ? REDACTED : cleanValue(value, depth + 1, seen);
  }
  return clean;
}

function cleanValue(value: unknown, depth: number, seen: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (seen.has(value)) return '[circular]';
  if (depth > DEEPEST) return '[deep]';
  seen.add(value);
  try {
    if (value instanceof Error) return cleanError(value, depth, seen);
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return value.map((item) => cleanValue(item, depth + 1, seen));
    if (value instanceof Map || value instanceof Set) return `[${value.constructor.name} of ${value.size}]`;
    return cleanEntries(value, depth, seen);
  } finally {
    seen.delete(value);
  }
}

function cleanError(error: Error, depth: number, seen: Set<object>): Record<string, unknown> {
  return {
    type: error.name,
    message: redactText(error.message),
    ...(error.stack !== undefined && { stack: redactText(error.stack) }),
    ...(error.cause !== undefined && { cause: cleanValue(error.cause, depth + 1, seen) }),
    ...(error instanceof AggregateError && { errors: cleanValue(error.errors, depth + 1, seen) }),
    ...cleanEntries(error, depth, seen),
  };
}
