import { createHash } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { SipRejectedError, SipTimeoutError } from './sip-phone.errors.js';
import { SipPhone } from './sip-phone.js';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const field = (text: string, name: string): string => new RegExp(`^${name}: *(.*)\r$`, 'mi').exec(text)?.[1] ?? '';
const param = (value: string, name: string): string => new RegExp(`\\b${name}="?([^",]+)"?`).exec(value)?.[1] ?? '';

/** A registrar of a few lines that knows one password and shares no code with the phone. */
class Registrar {
  readonly requests: string[] = [];
  minExpires = 0;
  silent = false;
  challengeInvites = false;
  private nonces = 0;

  private constructor(private readonly socket: dgram.Socket) {
    socket.on('message', (datagram, from) => {
      this.requests.push(datagram.toString());
      if (!this.silent) for (const answer of this.answers(datagram.toString())) socket.send(answer, from.port, from.address);
    });
  }

  static async start(): Promise<Registrar> {
    const socket = dgram.createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Registrar(socket);
  }

  get place(): { host: string; port: number } {
    return { host: '127.0.0.1', port: this.socket.address().port };
  }

  close(): void {
    this.socket.close();
  }

  /** The requests of a method. On a busy machine a phone sends one again, to the letter: RFC 3261, 17.1.1.2 and 17.1.2.2. */
  different(method: string): string[] {
    return [...new Set(this.requests)].filter((text) => text.startsWith(method));
  }

  /** Of each its Expires and whether it had credentials. */
  seen(method: string): string[] {
    return this.different(method).map((text) => `${field(text, 'Expires')}${/^(Proxy-)?Authorization:/im.test(text) ? ' with credentials' : ''}`);
  }

  private answers(text: string): string[] {
    const [method = ''] = text.split(' ');
    if (method === 'ACK') return [];
    const proxy = method === 'INVITE';
    const answer = (status: string, ...extra: string[]): string =>
      [`SIP/2.0 ${status}`, ...text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line)), `To: ${field(text, 'To')};tag=r`, ...extra, 'Content-Length: 0', '', ''].join('\r\n');
    this.nonces += 1;
    const challenge = `${proxy ? 'Proxy' : 'WWW'}-Authenticate: Digest realm="pbx", nonce="n${this.nonces}", algorithm=MD5, qop="auth"`;
    const given = field(text, proxy ? 'Proxy-Authorization' : 'Authorization');
    if (proxy && this.challengeInvites && this.good(given, method)) return [answer('100 Trying'), answer('486 Busy Here', 'Reason: Q.850;cause=17')];
    if (given === '' || !this.good(given, method)) return [answer(proxy ? '407 Proxy Authentication Required' : '401 Unauthorized', challenge)];
    const expires = Number(field(text, 'Expires'));
    if (expires > 0 && expires < this.minExpires) return [answer('423 Interval Too Brief', `Min-Expires: ${this.minExpires}`)];
    return [answer('200 OK', `Contact: <sip:other@192.0.2.1>;expires=7, ${field(text, 'Contact').replace(/expires=\d+/, `expires=${Math.min(expires, 120)}`)}`)];
  }

  private good(value: string, method: string): boolean {
    const first = md5('201:pbx:right');
    const second = md5(`${method}:${param(value, 'uri')}`);
    return param(value, 'response') === md5(`${first}:${param(value, 'nonce')}:${param(value, 'nc')}:${param(value, 'cnonce')}:auth:${second}`);
  }
}

const closing: { close: () => void | Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});

async function phoneAt(password: string) {
  const registrar = await Registrar.start();
  const phone = await SipPhone.open({ bindAddress: '127.0.0.1', user: '201', password, registrar: registrar.place, timers: { t1: 10, t2: 40 } });
  closing.push(phone, registrar);
  return { phone, registrar };
}

describe('registration', () => {
  it('answers the challenge, takes the time that was granted, and takes its binding off at the end', async () => {
    const { phone, registrar } = await phoneAt('right');
    expect(await phone.register({ expiresS: 300 })).toEqual({ expiresS: 120 });
    expect(phone.registration).toMatchObject({ state: 'registered', expiresS: 120 });
    await phone.close();
    expect(registrar.seen('REGISTER')).toEqual(['300', '300 with credentials', '0', '0 with credentials']);
  });

  it('gives up a wrong password after one try, and says so', async () => {
    const { phone, registrar } = await phoneAt('wrong');
    const refused = await phone.register().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SipRejectedError);
    expect(refused).toMatchObject({ sipStatus: 401, remedy: 'check user 201 and its password' });
    expect(registrar.seen('REGISTER')).toEqual(['300', '300 with credentials']);
    expect(phone.registration).toEqual({ state: 'none' });
  });

  it('asks for as long as the registrar wants', async () => {
    const { phone, registrar } = await phoneAt('right');
    registrar.minExpires = 90;
    expect(await phone.register({ expiresS: 30 })).toEqual({ expiresS: 90 });
  });

  it('refreshes in time, notices the loss, and is back when the registrar is', async () => {
    const { phone, registrar } = await phoneAt('right');
    await phone.register({ expiresS: 1 });
    await expect.poll(() => registrar.seen('REGISTER').length, { timeout: 10_000 }).toBeGreaterThanOrEqual(4);
    registrar.silent = true;
    await expect.poll(() => phone.registration.state, { timeout: 10_000 }).toBe('lost');
    registrar.silent = false;
    await expect.poll(() => phone.registration.state, { timeout: 15_000 }).toBe('registered');
  }, 40_000);

  it('fails after 64 T1 when nobody answers', async () => {
    const { phone, registrar } = await phoneAt('right');
    registrar.silent = true;
    await expect(phone.register()).rejects.toThrow(SipTimeoutError);
    expect(registrar.requests.length).toBeGreaterThan(4);
    expect(new Set(registrar.requests).size).toBe(1);
  });

  it('answers a challenge to its INVITE with a new number, and reads the cause of the refusal', async () => {
    const { phone, registrar } = await phoneAt('right');
    registrar.challengeInvites = true;
    const call = await phone.call('#31');
    expect(await call.ended()).toMatchObject({ by: 'failed', sipStatus: 486, cause: 17 });
    const invites = registrar.different('INVITE');
    expect(invites.map((text) => field(text, 'CSeq'))).toEqual(['1 INVITE', '2 INVITE']);
    expect(invites[0]).toContain(`INVITE sip:%2331@127.0.0.1 SIP/2.0`);
    expect(new Set(invites.map((text) => field(text, 'Call-ID'))).size).toBe(1);
  });
});
