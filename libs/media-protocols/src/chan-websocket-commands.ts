import type { LegOrder } from './leg-orders.js';

/** Longest TEXT message that Asterisk 22.10.1 takes, bytes; a longer one is dropped with no more than a warning in its log. */
export const MAX_COMMAND_BYTES = 128;
/** Longest correlation id with which every command stays below `MAX_COMMAND_BYTES`. */
export const MAX_CORRELATION_ID = 60;
/** Longest binary message that Asterisk 22.10.1 takes, bytes. */
export const MAX_BINARY_BYTES = 65_500;
/** Frames queued at which MEDIA_XOFF comes, below which MEDIA_XON comes, and beyond which frames and later marks vanish with no word. */
export const QUEUE_LEVELS = { xoff: 900, xon: 800, cap: 1000 } as const;

/** What chan_websocket would drop or misread; thrown before it is sent. */
export class MediaCommandError extends Error {
  override readonly name = 'MediaCommandError';
}

const command = (name: string, fields: Readonly<Record<string, string>> = {}): string => JSON.stringify({ command: name, ...fields });

/** By hand, since marks are many: such an id needs no escaping, and the text stays below `MAX_COMMAND_BYTES`. */
function correlated(name: string, id: string): string {
  // Quotes and non-ASCII grow when they are escaped; none of our ids needs them.
  if (!/^[\w.:-]+$/.test(id) || id.length > MAX_CORRELATION_ID) {
    throw new MediaCommandError(`correlation id '${id.slice(0, 80)}' must be 1 to ${MAX_CORRELATION_ID} of A-Z a-z 0-9 _ . : -`);
  }
  return `{"command":"${name}","correlation_id":"${id}"}`;
}

/** The TEXT messages of chan_websocket (22.10.1) with `f(json)`; each returns the text to send. */
export const mediaCommands = {
  answer: (): string => command('ANSWER'),
  hangup: (): string => command('HANGUP'),
  startBuffering: (): string => command('START_MEDIA_BUFFERING'),
  stopBuffering: (id: string): string => correlated('STOP_MEDIA_BUFFERING', id),
  /** Empties the queue, marks included, whose answers never come. Leaves a pause in force: follow it by `proceed`. */
  flush: (): string => command('FLUSH_MEDIA'),
  pause: (): string => command('PAUSE_MEDIA'),
  /** CONTINUE_MEDIA. */
  proceed: (): string => command('CONTINUE_MEDIA'),
  /** Answered by MEDIA_MARK_PROCESSED when the tick comes that would play the frame after it: all before it has been played in full. */
  mark: (id: string): string => correlated('MARK_MEDIA', id),
  status: (): string => command('GET_STATUS'),
  reportQueueDrained: (): string => command('REPORT_QUEUE_DRAINED'),
  /** Since 22.9.0. */
  direction: (direction: 'both' | 'in' | 'out'): string => command('SET_MEDIA_DIRECTION', { direction }),
} as const;

/** The TEXT message of an order; audio is no text, see `audioMessages`. */
export function commandOf(order: Exclude<LegOrder, { kind: 'audio' }>): string {
  switch (order.kind) {
    case 'mark':
      return mediaCommands.mark(order.mark);
    case 'flush':
      return mediaCommands.flush();
    case 'pause':
      return mediaCommands.pause();
    case 'proceed':
      return mediaCommands.proceed();
  }
}

/**
 * Cuts audio into binary messages that Asterisk takes whole. Throws MediaCommandError unless it is a multiple of `frameBytes`, since
 * Asterisk drops the remainder of each message (22.10.1: of 230 B, 70 B were lost).
 */
export function audioMessages(bytes: Uint8Array, frameBytes: number): Uint8Array[] {
  if (!Number.isInteger(frameBytes) || frameBytes <= 0 || frameBytes > MAX_BINARY_BYTES) throw new MediaCommandError(`a frame of ${frameBytes} bytes can't be sent`);
  if (bytes.length % frameBytes !== 0) throw new MediaCommandError(`${bytes.length} bytes are no multiple of the frame's ${frameBytes}: fill the last frame up`);
  const most = MAX_BINARY_BYTES - (MAX_BINARY_BYTES % frameBytes);
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += most) messages.push(bytes.subarray(at, at + most));
  return messages;
}
