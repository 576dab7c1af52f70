import type { StatusWish } from '../../webhooks/status-callbacks.js';

/** Whom to call. */
export interface DialTarget {
  readonly kind: 'number' | 'sip' | 'queue';
  /** The number, the SIP URI with its headers, or the queue's name. */
  readonly to: string;
  /** TwiML for who answers, before both are connected. */
  readonly whisper?: { readonly url: string; readonly method: 'GET' | 'POST' };
  readonly status?: StatusWish;
  /** Keys that are pressed once it is answered. */
  readonly sendDigits: string;
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** The user part of a SIP URI; a number stays as it is. */
export const userOf = (address: string): string => decodeURIComponent(/^sips?:([^@;]+)@/i.exec(address)?.[1] ?? address);
