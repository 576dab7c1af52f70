import { createHash, randomBytes } from 'node:crypto';
import dgram from 'node:dgram';

/** What a request ended with: the last status, and the whole answer. */
export interface SipAnswer {
  readonly status: number;
  readonly text: string;
  header(name: string): string | undefined;
}

export interface RawSipOptions {
  /** Port of the edge on 127.0.0.1. */
  readonly port: number;
  readonly user: string;
  /** Without one, a challenge is the answer. */
  readonly password?: string;
  /** Address to send from; 127.0.0.1 when absent. */
  readonly from?: string;
}

interface Dialog {
  readonly callId: string;
  readonly fromTag: string;
  readonly toTag: string;
  readonly target: string;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const token = (): string => randomBytes(6).toString('hex');
const headerOf = (text: string, name: string): string | undefined => new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(text)?.[1]?.trim();

/**
 * SIP by hand over UDP, just enough to knock on the edge's door: REGISTER, INVITE, BYE, and answering a call. Not our own user agent on purpose: the proofs of the
 * configuration rest on nothing of ours, and what it sends may be as wrong as a test wants.
 */
export class RawSip {
  private readonly socket = dgram.createSocket('udp4');
  private readonly rtp = dgram.createSocket('udp4');
  private readonly inbox: string[] = [];
  private wake: (() => void) | undefined;
  private cseq = 0;
  private dialog: Dialog | undefined;
  /** RTP payloads that came. */
  readonly heard: Buffer[] = [];
  /** The edge's RTP port of the call in progress. */
  peerRtpPort = 0;

  private constructor(private readonly options: RawSipOptions) {}

  static async open(options: RawSipOptions): Promise<RawSip> {
    const phone = new RawSip(options);
    const address = options.from ?? '127.0.0.1';
    await Promise.all([phone.socket, phone.rtp].map((socket) => new Promise<void>((resolve) => socket.bind(0, address, resolve))));
    phone.socket.on('message', (data) => phone.receive(data.toString('utf8')));
    phone.rtp.on('message', (data) => phone.heard.push(data.subarray(12)));
    return phone;
  }

  close(): void {
    this.socket.close();
    this.rtp.close();
  }

  register(seconds = 120): Promise<SipAnswer> {
    return this.transact('REGISTER', `sip:127.0.0.1:${this.options.port}`, { Expires: String(seconds) });
  }

  /** Calls; resolves with the final answer. @param dialled put into the URI as it is */
  async invite(dialled: string): Promise<SipAnswer> {
    const answer = await this.transact('INVITE', `sip:${dialled}@127.0.0.1:${this.options.port}`, { 'Content-Type': 'application/sdp' }, this.sdp());
    this.peerRtpPort = Number(/^m=audio (\d+)/m.exec(answer.text)?.[1] ?? 0);
    return answer;
  }

  /** Waits for a call and answers it. Resolves with the INVITE. */
  async answer(): Promise<string> {
    const invite = await this.next((text) => text.startsWith('INVITE '));
    const echoed = ['Via', 'From', 'Call-ID', 'CSeq'].map((name) => `${name}: ${headerOf(invite, name)}`);
    const sdp = this.sdp();
    const tagOf = (name: string): string => /;tag=([^;\s]+)/.exec(headerOf(invite, name) ?? '')?.[1] ?? '';
    this.dialog = { callId: headerOf(invite, 'Call-ID') ?? '', fromTag: token(), toTag: tagOf('From'), target: /<([^>]+)>/.exec(headerOf(invite, 'Contact') ?? '')?.[1] ?? '' };
    const lines = ['SIP/2.0 200 OK', ...echoed, `To: ${headerOf(invite, 'To')};tag=${this.dialog.fromTag}`, this.contact(), 'Content-Type: application/sdp', `Content-Length: ${sdp.length}`];
    this.send(`${lines.join('\r\n')}\r\n\r\n${sdp}`);
    this.peerRtpPort = Number(/^m=audio (\d+)/m.exec(invite)?.[1] ?? 0);
    return invite;
  }

  /** One RTP packet of 20 ms, all of its bytes the same. */
  speak(sequence: number, sample: number): void {
    const packet = Buffer.alloc(172, sample);
    packet.set([0x80, 0, sequence >> 8, sequence & 0xff]);
    packet.writeUInt32BE(sequence * 160, 4);
    packet.writeUInt32BE(0x1234, 8);
    this.rtp.send(packet, this.peerRtpPort, '127.0.0.1');
  }

  async bye(): Promise<void> {
    if (!this.dialog) return;
    const { target, ...dialog } = this.dialog;
    this.dialog = undefined;
    this.cseq += 1;
    this.request('BYE', target, dialog, this.cseq, {}, '');
    await this.next((text) => text.startsWith('SIP/2.0') && headerOf(text, 'CSeq') === `${this.cseq} BYE`);
  }

  /** Resolves when the edge ends the call. */
  async untilBye(): Promise<void> {
    const bye = await this.next((text) => text.startsWith('BYE '), 60_000);
    this.ok(bye);
    this.dialog = undefined;
  }

  private async transact(method: string, uri: string, headers: Record<string, string>, body = ''): Promise<SipAnswer> {
    const dialog = { callId: token(), fromTag: token(), toTag: '' };
    this.cseq += 1;
    this.request(method, uri, dialog, this.cseq, headers, body);
    const first = await this.final(method, uri, dialog);
    if (first.status !== 401 || this.options.password === undefined) return first;
    this.cseq += 1;
    this.request(method, uri, dialog, this.cseq, { ...headers, Authorization: this.credentials(method, uri, first.header('WWW-Authenticate') ?? '', this.options.password) }, body);
    return this.final(method, uri, dialog);
  }

  private async final(method: string, uri: string, dialog: Omit<Dialog, 'target'>): Promise<SipAnswer> {
    const wanted = `${this.cseq} ${method}`;
    const text = await this.next((one) => /^SIP\/2.0 [2-6]/.test(one) && headerOf(one, 'CSeq') === wanted);
    const status = Number(text.slice(8, 11));
    if (method === 'INVITE') {
      const toTag = /;tag=([^;\s]+)/.exec(headerOf(text, 'To') ?? '')?.[1] ?? '';
      const target = status < 300 ? (/<([^>]+)>/.exec(headerOf(text, 'Contact') ?? '')?.[1] ?? uri) : uri;
      this.request('ACK', target, { ...dialog, toTag }, this.cseq, {}, '');
      if (status < 300) this.dialog = { ...dialog, toTag, target };
    }
    return { status, text, header: (name) => headerOf(text, name) };
  }

  private request(method: string, uri: string, { callId, fromTag, toTag }: Omit<Dialog, 'target'>, cseq: number, headers: Record<string, string>, body: string): void {
    const { user } = this.options;
    const to = method === 'REGISTER' ? `sip:${user}@127.0.0.1` : uri;
    const { address, port } = this.socket.address();
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${token()};rport`,
      'Max-Forwards: 70',
      `From: <sip:${user}@127.0.0.1>;tag=${fromTag}`,
      `To: <${to}>${toTag ? `;tag=${toTag}` : ''}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      this.contact(),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${body.length}`,
    ];
    this.send(`${lines.join('\r\n')}\r\n\r\n${body}`);
  }

  private credentials(method: string, uri: string, challenge: string, password: string): string {
    const part = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const { user } = this.options;
    const response = md5(`${md5(`${user}:${part('realm')}:${password}`)}:${part('nonce')}:00000001:abc:auth:${md5(`${method}:${uri}`)}`);
    return `Digest username="${user}", realm="${part('realm')}", nonce="${part('nonce')}", uri="${uri}", response="${response}", algorithm=MD5, opaque="${part('opaque')}", qop=auth, nc=00000001, cnonce="abc"`;
  }

  private contact(): string {
    const { address, port } = this.socket.address();
    return `Contact: <sip:${this.options.user}@${address}:${port}>`;
  }

  private sdp(): string {
    const { address, port } = this.rtp.address();
    const lines = ['v=0', `o=- 1 1 IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0', `m=audio ${port} RTP/AVP 0 101`, 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000'];
    return `${lines.join('\r\n')}\r\n`;
  }

  private send(text: string): void {
    this.socket.send(text, this.options.port, '127.0.0.1');
  }

  private ok(request: string): void {
    const echoed = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${headerOf(request, name)}`);
    this.send(`SIP/2.0 200 OK\r\n${echoed.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
  }

  private receive(text: string): void {
    if (text.startsWith('OPTIONS ')) this.ok(text);
    else this.inbox.push(text);
    this.wake?.();
  }

  /** The next message that fits; what doesn't is dropped. */
  private async next(fits: (text: string) => boolean, withinMs = 15_000): Promise<string> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      for (let text = this.inbox.shift(); text !== undefined; text = this.inbox.shift()) if (fits(text)) return text;
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${this.options.user}: nothing that fits came within ${withinMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
