import { EVENT_FIELDS, type JsonKind } from './generated/event-fields.js';
import type { AriEvent, AriEventType } from './generated/events.js';

/**
 * An event that this client's types don't cover: of a newer Asterisk, or one that lacks what its documents promise.
 * Nothing of it is lost.
 */
export interface UnrecognisedEvent {
  readonly type: 'unrecognised';
  /** The event's own `type`. */
  readonly originalType: string;
  readonly original: Readonly<Record<string, unknown>>;
}

/** What became of one message: an event, and perhaps a complaint; or only a complaint. */
export interface ParsedMessage {
  readonly event?: AriEvent | UnrecognisedEvent;
  readonly complaint?: string;
}

/** Reads one message of the event socket. Never throws: what can't be read becomes a complaint. */
export function parseEvent(text: string): ParsedMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { complaint: `not JSON: ${text.slice(0, 120)}` };
  }
  if (!isObject(value) || typeof value['type'] !== 'string') return { complaint: `not an event: ${text.slice(0, 120)}` };
  const type = value['type'];
  const unrecognised: UnrecognisedEvent = { type: 'unrecognised', originalType: type, original: value };
  if (!isKnown(type)) return { event: unrecognised };
  const wrong = wrongFields(type, value);
  if (wrong.length > 0) return { event: unrecognised, complaint: `${type} without what its documents promise: ${wrong.join(', ')}` };
  return { event: value as unknown as AriEvent };
}

function isKnown(type: string): type is AriEventType {
  return Object.hasOwn(EVENT_FIELDS, type);
}

function wrongFields(type: AriEventType, value: Record<string, unknown>): string[] {
  return Object.entries(EVENT_FIELDS[type])
    .filter(([field, kind]) => kindOf(value[field]) !== kind)
    .map(([field, kind]) => `${field} (${kind})`);
}

function kindOf(value: unknown): JsonKind | 'nothing' {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return typeof value as JsonKind;
  return isObject(value) ? 'object' : 'nothing';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
