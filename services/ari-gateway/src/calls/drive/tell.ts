import type { CallMessage } from '../machine/call-message.js';

/** Sends a call a message; a call that isn't in hand swallows it. */
export type Tell = (callId: string, message: CallMessage) => void;
