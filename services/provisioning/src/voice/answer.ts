import type { TwimlDocument } from './twiml/twiml-document.js';

/** What Twilio is answered in the middle of a call, and how to count it. */
export interface Answer {
  readonly document: TwimlDocument;
  readonly outcome: 'served' | 'refused' | 'excused';
}
