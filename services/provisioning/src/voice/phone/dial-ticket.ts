import { z } from 'zod';

const dialTicketSchema = z.strictObject({
  environment: z.string().max(64),
  /** Whose call it is. */
  tenant: z.string().max(64),
  /** The parent call: a transfer may go on with another leg than the caller's, and is still this call's. */
  call: z.string().regex(/^CA[0-9a-f]{32}$/),
  /** The phone that the call is of, which may send it elsewhere and to which it comes back when nobody answers there; absent when several were rung at once. */
  by: z.string().max(40).optional(),
  /** What called phones are shown of who is left in the call. */
  shown: z.string().max(80).optional(),
  /** What is to be settled when the leg has ended. */
  reservation: z.string().max(100).optional(),
  /** It is a transfer: nobody answering, the call comes back to `by`. `back`: it is coming back. */
  way: z.enum(['out', 'transfer', 'back']),
});
/** What the webhooks of a leg have to know that no flow has dialled: it rides in their URL, which Twilio signs. */
export type DialTicket = z.output<typeof dialTicketSchema>;

/** Characters; the parts are bounded far below. */
const LONGEST = 1_500;
/** Of the form. */
const VERSION = '1';

export function writeDialTicket(ticket: DialTicket): string {
  return `${VERSION}${Buffer.from(JSON.stringify(ticket)).toString('base64url')}`;
}

/** @returns undefined for whatever is no ticket of this version */
export function readDialTicket(text: string): DialTicket | undefined {
  if (text.length > LONGEST || !text.startsWith(VERSION)) return undefined;
  try {
    return dialTicketSchema.safeParse(JSON.parse(Buffer.from(text.slice(VERSION.length), 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
