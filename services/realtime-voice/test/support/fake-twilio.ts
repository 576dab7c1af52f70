import { randomBytes } from 'node:crypto';
import { FRAME_BYTES, ULAW_SILENCE } from '@troncal/audio';
import WebSocket from 'ws';
import { FakeFarEnd } from './fake-far-end.js';

interface FromUs {
  readonly event: string;
  readonly streamSid: string;
  readonly media?: { readonly payload: string };
  readonly mark?: { readonly name: string };
}

/** The fields that Twilio takes, and no more: 31951 otherwise. */
const SHAPES: Readonly<Record<string, string>> = { media: 'event,media,streamSid', mark: 'event,mark,streamSid', clear: 'event,streamSid' };

/**
 * The other end of a Media Stream with Twilio's manners by its documentation: `connected` and `start` first, 20 ms of the caller a message, silence too;
 * plays what it's given one frame each 20 ms, gives marks back when their turn comes and all of them at a `clear`, says `stop` and closes when the
 * call ends, and goes on with the call when the other side closes. A double, since no Twilio may be called here and exact faults are wanted.
 */
export class FakeTwilio extends FakeFarEnd {
  /** What Twilio would have complained of. */
  readonly complaints: string[] = [];
  readonly streamSid = `MZ${randomBytes(16).toString('hex')}`;
  readonly callSid = `CA${randomBytes(16).toString('hex')}`;
  private sent = 0;

  constructor(socket: WebSocket) {
    super(socket);
    socket.on('message', (data: Buffer, isBinary) => this.take(data, isBinary));
  }

  /** Connects as Twilio does and says which leg it is; rejects with the HTTP status when the upgrade is refused. */
  static async connect(origin: string, parameters: Readonly<Record<string, string>>): Promise<FakeTwilio> {
    const twilio = new FakeTwilio(new WebSocket(`${origin.replace(/^http/, 'ws')}/media/twilio`, { headers: { 'x-twilio-signature': 'c2lnbmVk' } }));
    await twilio.opened();
    twilio.say({ event: 'connected', protocol: 'Call', version: '1.0.0' });
    twilio.start(parameters);
    return twilio;
  }

  start(parameters: Readonly<Record<string, string>>, mediaFormat: object = { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 }): void {
    const { streamSid, callSid } = this;
    this.tell({ event: 'start', start: { accountSid: `AC${'0'.repeat(32)}`, streamSid, callSid, tracks: ['inbound'], mediaFormat, customParameters: parameters } });
  }

  press(digit: string): void {
    this.tell({ event: 'dtmf', dtmf: { track: 'inbound_track', digit } });
  }

  /** The caller hangs up. */
  hangUp(): void {
    this.tell({ event: 'stop', stop: { accountSid: `AC${'0'.repeat(32)}`, callSid: this.callSid } });
    this.socket.close(1000);
  }

  /** A message with what all of them carry. */
  tell(message: object): void {
    this.sent += 1;
    this.say({ ...message, sequenceNumber: String(this.sent), streamSid: this.streamSid });
  }

  say(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  protected tick(at: number): void {
    if (this.sent > 0) this.tell({ event: 'media', media: { track: 'inbound', chunk: String(this.sent), timestamp: String(Math.round(at - this.openedAt)), payload: (this.speech.shift() ?? Buffer.alloc(FRAME_BYTES, ULAW_SILENCE)).toString('base64') } });
    this.hear(at);
  }

  protected markReached(name: string): void {
    this.tell({ event: 'mark', mark: { name } });
  }

  private take(data: Buffer, isBinary: boolean): void {
    const message = isBinary ? undefined : (JSON.parse(data.toString('utf8')) as FromUs);
    if (message === undefined || Object.keys(message).toSorted().join(',') !== SHAPES[message.event] || message.streamSid !== this.streamSid) return void this.complaints.push(data.toString('utf8').slice(0, 200));
    if (message.media) {
      const audio = Buffer.from(message.media.payload, 'base64');
      for (let at = 0; at < audio.length; at += FRAME_BYTES) this.queue.push({ kind: 'frame', bytes: audio.subarray(at, at + FRAME_BYTES) });
      return;
    }
    if (message.mark) return void this.queue.push({ kind: 'mark', name: message.mark.name });
    this.commands.push({ atMs: performance.now(), name: message.event, heard: this.heard.length });
    this.standing = 'no';
    for (const entry of this.queue.splice(0)) if (entry.kind === 'mark') this.markReached(entry.name);
  }
}
