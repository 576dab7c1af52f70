import { createHash, createHmac } from 'node:crypto';
import { verbsOf, type TwimlElement } from './read-twiml.js';

export type Parameters = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

/** What came back. */
export interface Asked {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The verbs of the TwiML. */
  readonly verbs: readonly TwimlElement[];
}

const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

/** As Twilio documents it, and by nobody's library: each name with its value behind the URL, in the order of the names. */
export function signatureOf(token: string, url: string, parameters: readonly (readonly [string, string])[] = []): string {
  const sorted = parameters.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return createHmac('sha1', token).update(url + sorted.map(([name, value]) => name + value).join('')).digest('base64');
}

/** Asks a service as Twilio does: signed for the public URL, sent to where the service really listens. */
export class TwilioAsks {
  constructor(
    private readonly service: () => string,
    readonly publicUrl: string,
    private readonly token: string,
  ) {}

  /** @param address a path, or an address that a document named */
  async post(address: string, given: Parameters, { signature, body, contentType = FORM }: { readonly signature?: string | null; readonly body?: string | Buffer; readonly contentType?: string } = {}): Promise<Asked> {
    const url = new URL(address, this.publicUrl);
    if (url.origin !== new URL(this.publicUrl).origin) throw new Error(`${address} is not under ${this.publicUrl}`);
    const target = url.pathname + url.search;
    const parameters = Array.isArray(given) ? (given as readonly (readonly [string, string])[]) : Object.entries(given as Readonly<Record<string, string>>);
    const form = new URLSearchParams();
    for (const [name, value] of parameters) form.append(name, value);
    const signed = signature === undefined ? signatureOf(this.token, url.origin + target, parameters) : signature;
    return this.send(target, body ?? form.toString(), { 'content-type': contentType, ...(signed === null ? {} : { 'x-twilio-signature': signed }) });
  }

  async postJson(path: string, body: string): Promise<Asked> {
    const target = `${path}?bodySHA256=${createHash('sha256').update(body).digest('hex')}`;
    return this.send(target, body, { 'content-type': 'application/json', 'x-twilio-signature': signatureOf(this.token, new URL(this.publicUrl).origin + target) });
  }

  private async send(target: string, body: string | Buffer, headers: Record<string, string>): Promise<Asked> {
    const response = await fetch(this.service() + target, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers, signal: AbortSignal.timeout(15_000) });
    const text = await response.text();
    const contentType = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      contentType,
      body: text,
      get verbs() {
        return verbsOf(text);
      },
    };
  }
}

/** Parameters that come with every webhook of a call (https://www.twilio.com/docs/voice/twiml#request-parameters). */
export function callOf(from: string, to: string, callSid: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { AccountSid: `AC${'0'.repeat(32)}`, ApiVersion: '2010-04-01', CallSid: callSid, CallStatus: 'ringing', Direction: 'inbound', From: from, To: to, Caller: from, Called: to, CallerCity: '', FromCountry: 'CL', StirVerstat: 'TN-Validation-Passed-A', ...more };
}

let made = 0;
/** A CallSid that no other call of this run has. */
export const newCallSid = (): string => `CA${createHash('md5').update(`${process.pid}:${performance.timeOrigin}:${(made += 1)}`).digest('hex')}`;
