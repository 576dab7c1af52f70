import { randomBytes } from 'node:crypto';

/** An event on its way to the client; `event_id` is added by the wire. */
export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The client's socket, as a session sees it. Sending on a closed one does nothing. */
export interface Wire {
  send(event: ServerEvent): void;
  /** Bytes as they are, a string as a text message unless told otherwise: for what must be wrong. */
  sendRaw(data: string | Buffer, as?: 'text' | 'binary'): void;
  close(code: number, reason: string): void;
  /** Drops the TCP connection without a goodbye. */
  terminate(): void;
}

/** An id in the service's style: `event_…`, `item_…`, 20 random characters. */
export function makeId(prefix: string): string {
  return `${prefix}_${randomBytes(15).toString('base64url').slice(0, 20)}`;
}
