import { decoded } from '../voice/twiml/sip-uri.js';

/** Characters of an alert that are kept. */
const LONGEST = 1_000;

/** An alert's text with the SIP users and numbers in it as we write them: in URIs and forms they stand percent-encoded, `sip%3A%2B56…`. */
export const decodedAlert = (text: string): string => decoded(text) ?? text.replaceAll(/%2B/gi, '+');

/** For people: the message, where the text is a form as Twilio writes it (`Msg=…&sourceComponent=…`), else the whole. */
export function alertMessage(text: string): string {
  const form = /^[\w.]+=/.test(text) ? new URLSearchParams(text) : undefined;
  const message = form?.get('Msg') ?? form?.get('msg') ?? '';
  return (message === '' ? decodedAlert(text) : message).replaceAll(/\s+/g, ' ').slice(0, LONGEST);
}
