import { createHmac } from 'node:crypto';

/** A parameter may come several times; as in Twilio's SDK each value counts once, sorted. */
export type Parameters = Readonly<Record<string, string>>;

/** X-Twilio-Signature: HMAC-SHA1 by the account's token over the URL without its fragment, and over each parameter of the form by name. A GET has none. */
export function twilioSignature(authToken: string, url: string, form: Parameters = {}): string {
  const signed = Object.keys(form).toSorted().reduce((text, name) => text + name + form[name], withoutFragment(url));
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

export const withoutFragment = (url: string): string => url.split('#')[0] ?? url;
