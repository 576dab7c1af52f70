import { headers, type SipMessage } from './sip-message.js';

/** How a call ended. */
export interface CallEnd {
  /** `failed`: nobody hung up, it was refused or broke. */
  readonly by: 'local' | 'remote' | 'failed';
  /** Final SIP status of a call that wasn't answered: 486, 404, 487… */
  readonly sipStatus?: number;
  /** The status line's text, or what broke. */
  readonly reason: string;
  /** Q.850 cause from the Reason header (RFC 3326): 16 normal, 17 busy, 21 rejected… */
  readonly cause?: number;
  /** ms of performance.now(). */
  readonly atMs: number;
}

/** The Q.850 cause that a message carries. */
export function q850Of(message: SipMessage): { readonly cause?: number } {
  const match = /^\s*Q\.850\s*;.*\bcause=(\d{1,3})/i.exec(headers(message, 'Reason').find((value) => /^\s*Q\.850/i.test(value)) ?? '');
  return match === null ? {} : { cause: Number(match[1]) };
}

/** Something that happened to a call; all times in ms of performance.now(). */
export type CallEvent =
  | { readonly kind: 'ringing'; readonly atMs: number; readonly sipStatus: number }
  | { readonly kind: 'answered'; readonly atMs: number }
  | { readonly kind: 'held' | 'resumed'; readonly atMs: number }
  | { readonly kind: 'digit'; readonly atMs: number; readonly digit: string }
  | ({ readonly kind: 'ended' } & CallEnd);
