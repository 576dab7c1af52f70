/**
 * The messages of Twilio's bidirectional Media Streams (`<Connect><Stream>`): JSON texts over a WebSocket that Twilio dials, both ways. Facts from
 * twilio.com/docs/voice/media-streams/websocket-messages and /docs/api/errors/31950, 31951, 31931 (read November 2026; not tried against a live account):
 * audio is base64 µ-law of 8 kHz, mono, without a file's header; Twilio answers a binary message, a field too many or another stream's SID with a warning in
 * its log and drops it, and discards audio when more than ten minutes of it wait; it gives a mark back when all before it has been played, and at once
 * when `clear` dropped it.
 */

/** First message of a connection. */
export interface TwilioConnected {
  readonly event: 'connected';
  /** `Call`. */
  readonly protocol: string;
}

/** Which call this is; second message, once. */
export interface TwilioStart {
  readonly event: 'start';
  /** Letters and digits only, so that it can stand in a message as it is. */
  readonly streamSid: string;
  readonly callSid: string;
  /** The `<Parameter>`s of the TwiML. */
  readonly parameters: ReadonlyMap<string, string>;
}

export type TwilioStreamMessage =
  | TwilioConnected
  | TwilioStart
  /** The caller's audio: µ-law, 8 kHz; Twilio sends 20 ms at a time. */
  | { readonly event: 'media'; readonly streamSid: string; readonly track: string; readonly bytes: Uint8Array }
  | { readonly event: 'dtmf'; readonly streamSid: string; readonly digit: string }
  /** All audio before the mark of this name has been played, or dropped by a `clear`. */
  | { readonly event: 'mark'; readonly streamSid: string; readonly name: string }
  /** The stream is over, and no other message follows: the call has ended or goes on elsewhere. */
  | { readonly event: 'stop'; readonly streamSid: string }
  /** Something of a newer Twilio. */
  | { readonly event: 'unknown'; readonly name: string };

/** Text that isn't a message of the protocol; every fault is named. */
export class TwilioStreamError extends Error {
  override readonly name = 'TwilioStreamError';
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const SID = /^[A-Za-z0-9]{2,64}$/;
const DIGIT = /^[0-9*#A-D]$/;

/** Takes fields out of a message and notes every one that is missing or of another type. */
class FieldReader {
  readonly faults: string[] = [];

  constructor(
    private readonly fields: Fields,
    private readonly within = '',
  ) {}

  text(name: string, wanted = 'a string', fits: (value: string) => boolean = () => true): string {
    const value = this.fields[name];
    if (typeof value === 'string' && fits(value)) return value;
    this.faults.push(`${this.within}${name} must be ${wanted}`);
    return '';
  }

  sid(name: string): string {
    return this.text(name, 'a SID', (value) => SID.test(value));
  }

  value(name: string, wanted: unknown): void {
    if (this.fields[name] !== wanted) this.faults.push(`${this.within}${name} must be ${JSON.stringify(wanted)}`);
  }

  /** A field that is an object; its faults count here. */
  object<T>(name: string, read: (fields: FieldReader) => T): T {
    const value = this.fields[name];
    if (!isFields(value)) this.faults.push(`${this.within}${name} must be an object`);
    const reader = new FieldReader(isFields(value) ? value : {}, `${this.within}${name}.`);
    const found = read(reader);
    if (isFields(value)) this.faults.push(...reader.faults);
    return found;
  }

  /** All fields that are strings. */
  strings(): ReadonlyMap<string, string> {
    return new Map(Object.entries(this.fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }

  base64(name: string): Uint8Array {
    const text = this.text(name, 'base64');
    const bytes = Buffer.from(text, 'base64');
    // Node reads over what isn't base64: it shows in the length.
    const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
    if (text !== '' && (text.length % 4 !== 0 || bytes.length !== (text.length / 4) * 3 - padding)) this.faults.push(`${this.within}${name} must be base64`);
    return bytes;
  }
}

const READERS: Readonly<Record<string, (message: FieldReader) => TwilioStreamMessage>> = {
  connected: (message) => ({ event: 'connected', protocol: message.text('protocol') }),
  start: (message) => {
    const streamSid = message.sid('streamSid');
    return message.object('start', (start) => {
      start.object('mediaFormat', (format) => {
        format.value('encoding', 'audio/x-mulaw');
        format.value('sampleRate', 8_000);
        format.value('channels', 1);
      });
      return { event: 'start', streamSid, callSid: start.sid('callSid'), parameters: start.object('customParameters', (parameters) => parameters.strings()) };
    });
  },
  media: (message) => {
    const streamSid = message.sid('streamSid');
    return message.object('media', (media) => ({ event: 'media', streamSid, track: media.text('track'), bytes: media.base64('payload') }));
  },
  dtmf: (message) => {
    const streamSid = message.sid('streamSid');
    return message.object('dtmf', (dtmf) => ({ event: 'dtmf', streamSid, digit: dtmf.text('digit', 'one of 0-9, *, # and A-D', (digit) => DIGIT.test(digit)) }));
  },
  mark: (message) => {
    const streamSid = message.sid('streamSid');
    return message.object('mark', (mark) => ({ event: 'mark', streamSid, name: mark.text('name') }));
  },
  stop: (message) => ({ event: 'stop', streamSid: message.sid('streamSid') }),
};

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads one message. Never throws: what can't be read comes back as the error that names what is wrong with it. */
export function parseTwilioStream(text: string): TwilioStreamMessage | TwilioStreamError {
  const message = parsedJson(text);
  if (!isFields(message)) return new TwilioStreamError('not a JSON object');
  const name = message['event'];
  if (typeof name !== 'string' || name === '') return new TwilioStreamError('event must be a string');
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (read === undefined) return { event: 'unknown', name: name.slice(0, 64) };
  const reader = new FieldReader(message);
  const found = read(reader);
  return reader.faults.length === 0 ? found : new TwilioStreamError(`${name}: ${reader.faults.join('; ')}`);
}

/** Writes the messages to one stream: exactly the fields that Twilio takes. */
export class TwilioStreamWriter {
  private readonly beforePayload: string;
  private readonly beforeName: string;

  /** @param streamSid of `start` */
  constructor(private readonly streamSid: string) {
    if (!SID.test(streamSid)) throw new TwilioStreamError(`'${streamSid.slice(0, 80)}' is no SID`);
    // By hand, since these are many; base64 and our marks need no escaping.
    this.beforePayload = `{"event":"media","streamSid":"${streamSid}","media":{"payload":"`;
    this.beforeName = `{"event":"mark","streamSid":"${streamSid}","mark":{"name":"`;
  }

  /** Audio to be played after what was sent before: µ-law, 8 kHz. */
  media(ulaw: Uint8Array): string {
    return `${this.beforePayload}${Buffer.from(ulaw.buffer, ulaw.byteOffset, ulaw.length).toString('base64')}"}}`;
  }

  /** @param name letters, digits and `_ . : -` only; throws TwilioStreamError otherwise */
  mark(name: string): string {
    if (!/^[\w.:-]{1,60}$/.test(name)) throw new TwilioStreamError(`the mark '${name.slice(0, 80)}' must be 1 to 60 of A-Z a-z 0-9 _ . : -`);
    return `${this.beforeName}${name}"}}`;
  }

  /** Drops what wasn't played; marks come back at once. */
  clear(): string {
    return `{"event":"clear","streamSid":"${this.streamSid}"}`;
  }
}
