import type { LegReport } from './leg-orders.js';

/**
 * What Asterisk's chan_websocket says in TEXT messages with `f(json)` in the dial string. Asterisk 22.10.1,
 * channels/chan_websocket.c; field names are Asterisk's own.
 */
export type MediaEvent =
  | MediaStart
  | { readonly event: 'DTMF_END'; readonly digit: string; readonly channel_id?: string }
  | { readonly event: 'MEDIA_XOFF'; readonly channel_id?: string }
  | { readonly event: 'MEDIA_XON'; readonly channel_id?: string }
  | MediaStatus
  | { readonly event: 'MEDIA_BUFFERING_COMPLETED'; readonly correlation_id: string; readonly channel_id?: string }
  | { readonly event: 'MEDIA_MARK_PROCESSED'; readonly correlation_id: string; readonly channel_id?: string }
  | { readonly event: 'QUEUE_DRAINED'; readonly channel_id?: string }
  | { readonly event: 'ERROR'; readonly error_text: string; readonly channel_id?: string }
  | UnknownMediaEvent
  | UnreadableMediaText;

/**
 * First message of a leg. `connection_id` is the name of the connection's configuration for legs that Asterisk dials, not an id of the
 * call: correlate by `channel_id` or by what `v(...)` put into the URL. In 10–15 % of calls audio arrives before it (asterisk#1712).
 */
export interface MediaStart {
  readonly event: 'MEDIA_START';
  readonly connection_id: string;
  readonly channel: string;
  readonly channel_id: string;
  /** Asterisk's name of the codec: `ulaw`, `alaw`, `slin`, `slin16`… */
  readonly format: string;
  /** Bytes of one frame; binary messages must be a multiple of it. */
  readonly optimal_frame_size: number;
  /** Duration of one frame, ms. */
  readonly ptime: number;
  readonly channel_variables: Readonly<Record<string, string>>;
}

/** Answer to GET_STATUS. `queue_length` counts frames of audio, not marks. */
export interface MediaStatus {
  readonly event: 'STATUS';
  readonly queue_length: number;
  readonly xon_level: number;
  readonly xoff_level: number;
  readonly queue_full: boolean;
  readonly bulk_media: boolean;
  readonly media_paused: boolean;
  readonly channel_id?: string;
}

/** An event of a newer Asterisk, whole. */
export interface UnknownMediaEvent {
  readonly event: 'UNKNOWN';
  readonly name: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** Text that isn't an event, or an event whose fields aren't as documented; every fault is named. */
export interface UnreadableMediaText {
  readonly event: 'UNREADABLE';
  readonly text: string;
  readonly faults: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Takes fields out of a message and notes every one that is missing or of another type. */
class FieldReader {
  readonly faults: string[] = [];

  constructor(private readonly fields: Fields) {}

  text(name: string): string {
    return this.take(name, 'a string', (value) => (typeof value === 'string' ? value : undefined)) ?? '';
  }

  count(name: string): number {
    return this.take(name, 'a whole number from 0', (value) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined)) ?? 0;
  }

  flag(name: string): boolean {
    return this.take(name, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined)) ?? false;
  }

  /** Every event of 22.10 but MEDIA_START has it; none of ours depends on it. */
  channel(): { channel_id?: string } {
    const value = this.fields['channel_id'];
    return typeof value === 'string' ? { channel_id: value } : {};
  }

  variables(name: string): Record<string, string> {
    const value = this.fields[name];
    if (value === undefined || value === null) return {};
    if (!isFields(value)) {
      this.faults.push(`${name} must be an object`);
      return {};
    }
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }

  private take<T>(name: string, wanted: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = read(this.fields[name]);
    if (value === undefined) this.faults.push(`${name} must be ${wanted}`);
    return value;
  }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

const READERS: Readonly<Record<string, (fields: FieldReader) => MediaEvent>> = {
  MEDIA_START: (fields) => ({
    event: 'MEDIA_START',
    connection_id: fields.text('connection_id'),
    channel: fields.text('channel'),
    channel_id: fields.text('channel_id'),
    format: fields.text('format'),
    optimal_frame_size: fields.count('optimal_frame_size'),
    ptime: fields.count('ptime'),
    channel_variables: fields.variables('channel_variables'),
  }),
  DTMF_END: (fields) => ({ event: 'DTMF_END', digit: fields.text('digit'), ...fields.channel() }),
  MEDIA_XOFF: (fields) => ({ event: 'MEDIA_XOFF', ...fields.channel() }),
  MEDIA_XON: (fields) => ({ event: 'MEDIA_XON', ...fields.channel() }),
  STATUS: (fields) => ({
    event: 'STATUS',
    queue_length: fields.count('queue_length'),
    xon_level: fields.count('xon_level'),
    xoff_level: fields.count('xoff_level'),
    queue_full: fields.flag('queue_full'),
    bulk_media: fields.flag('bulk_media'),
    media_paused: fields.flag('media_paused'),
    ...fields.channel(),
  }),
  MEDIA_BUFFERING_COMPLETED: (fields) => ({ event: 'MEDIA_BUFFERING_COMPLETED', correlation_id: fields.text('correlation_id'), ...fields.channel() }),
  MEDIA_MARK_PROCESSED: (fields) => ({ event: 'MEDIA_MARK_PROCESSED', correlation_id: fields.text('correlation_id'), ...fields.channel() }),
  QUEUE_DRAINED: (fields) => ({ event: 'QUEUE_DRAINED', ...fields.channel() }),
  ERROR: (fields) => ({ event: 'ERROR', error_text: fields.text('error_text'), ...fields.channel() }),
};

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads one TEXT message. Never throws: what can't be read comes back as UNREADABLE, so that one odd message can't end a call. */
export function parseMediaEvent(text: string): MediaEvent {
  const message = parsedJson(text);
  if (!isFields(message)) {
    return { event: 'UNREADABLE', text, faults: ['not a JSON object: does the dial string say f(json), or chan_websocket.conf control_message_format=json?'] };
  }
  const name = message['event'];
  if (typeof name !== 'string' || name === '') return { event: 'UNREADABLE', text, faults: ['event must be a string'] };
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read === undefined) return { event: 'UNKNOWN', name, message };
  const fields = new FieldReader(message);
  const event = read(fields);
  return fields.faults.length === 0 ? event : { event: 'UNREADABLE', text, faults: fields.faults };
}

/** What an event reports about the leg; undefined for those that say nothing about what the caller heard or pressed. */
export function reportOf(event: MediaEvent): LegReport | undefined {
  switch (event.event) {
    case 'MEDIA_MARK_PROCESSED':
      return { kind: 'played', mark: event.correlation_id };
    case 'MEDIA_XOFF':
      return { kind: 'full' };
    case 'MEDIA_XON':
      return { kind: 'room' };
    case 'DTMF_END':
      return { kind: 'digit', digit: event.digit };
    case 'MEDIA_START':
    case 'STATUS':
    case 'MEDIA_BUFFERING_COMPLETED':
    case 'QUEUE_DRAINED':
    case 'ERROR':
    case 'UNKNOWN':
    case 'UNREADABLE':
      return undefined;
  }
}
