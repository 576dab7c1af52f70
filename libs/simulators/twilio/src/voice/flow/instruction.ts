import type { Parameters } from '../webhooks/signature.js';

/** TwiML at an address, with what is sent there beside what is known of the call. */
export interface Fetched {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** For the log. */
  readonly why: string;
  readonly parameters?: Parameters;
}

/** TwiML to be executed: to be had at an address, or given. */
export type Instruction = Fetched | { readonly twiml: string; /** What relative addresses are relative to. */ readonly base: string };

/** What comes after a verb: the next one, the end of the call, the end of this document only, or another document. */
export type Next = 'on' | 'hang-up' | 'leave' | Instruction;
