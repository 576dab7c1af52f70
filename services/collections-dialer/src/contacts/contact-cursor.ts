import { z } from 'zod';
import type { ContactCursor } from './contacts.repository.js';

const parts = z.tuple([z.iso.datetime(), z.uuid()]);

/** Where a page ended, as the text that clients hand back. */
export function writeCursor({ startedAt, callId }: ContactCursor): string {
  return Buffer.from(`${startedAt.toISOString()} ${callId}`).toString('base64url');
}

/** Undefined for a text that is no cursor of ours. */
export function readCursor(text: string): ContactCursor | undefined {
  const read = parts.safeParse(Buffer.from(text, 'base64url').toString().split(' '));
  return read.success ? { startedAt: new Date(read.data[0]), callId: read.data[1] } : undefined;
}
