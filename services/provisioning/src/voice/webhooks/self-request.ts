import twilio from 'twilio';
import { parameter, type Webhook } from './webhook.js';

/** The parameter that a request of our own carries. Whoever can sign it has the account's token, and could be Twilio as well. */
const NONCE = 'TroncalVerify';
const FORM = /^[0-9a-f]{32}$/;

/** The account that such a request is signed for. */
export interface SelfSigner {
  readonly sid: string;
  readonly token: string;
}

/** A request of our own to one of our voice URLs, signed as Twilio signs: it goes the whole way that Twilio's go, and is no call. @param signer of which account @param nonce 32 hexadecimal digits */
export function selfRequest(url: string, { sid, token }: SelfSigner, nonce: string): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const parameters = { AccountSid: sid, [NONCE]: nonce };
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': twilio.getExpectedTwilioSignature(token, url, parameters) },
    body: new URLSearchParams(parameters).toString(),
  };
}

/** What such a request is answered: a document that does nothing and says which request it answers; undefined for Twilio's own. */
export function selfAnswer(webhook: Webhook): string | undefined {
  const nonce = parameter(webhook, NONCE);
  return nonce !== undefined && FORM.test(nonce) ? `<?xml version="1.0" encoding="UTF-8"?><Response><!--${nonce}--></Response>` : undefined;
}
