import dgram from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { SipPhone } from './sip-phone.js';

/** Lets a datagram through so many times, 0 to lose it. `seen` counts how often the same text has come before. */
type Fate = (text: string, seen: number) => number;

/** Stands between two phones, which take it for each other, and loses or doubles SIP datagrams; RTP goes past it. */
class LossyWire {
  private readonly sockets: [dgram.Socket, dgram.Socket];
  private readonly seen = new Map<string, number>();
  readonly passed: string[] = [];

  private constructor(
    private readonly phones: readonly [number, number],
    private readonly fate: Fate,
    sockets: [dgram.Socket, dgram.Socket],
  ) {
    this.sockets = sockets;
    sockets.forEach((socket, side) => socket.on('message', (datagram) => this.carry(datagram.toString(), side as 0 | 1)));
  }

  static async between(first: SipPhone, second: SipPhone, fate: Fate): Promise<LossyWire> {
    const sockets: [dgram.Socket, dgram.Socket] = [dgram.createSocket('udp4'), dgram.createSocket('udp4')];
    for (const socket of sockets) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new LossyWire([first.port, second.port], fate, sockets);
  }

  /** Where the first phone finds the second one. */
  address(user: string): string {
    return `sip:${user}@127.0.0.1:${this.sockets[0].address().port}`;
  }

  close(): void {
    for (const socket of this.sockets) socket.close();
  }

  private carry(text: string, side: 0 | 1): void {
    const seen = this.seen.get(text) ?? 0;
    this.seen.set(text, seen + 1);
    const times = this.fate(text, seen);
    const other = side === 0 ? 1 : 0;
    // Contact and Via must lead back here, or later messages would go past.
    const through = text.replaceAll(`127.0.0.1:${this.phones[side]}`, `127.0.0.1:${this.sockets[other].address().port}`);
    for (let i = 0; i < times; i += 1) {
      this.passed.push(text.split('\r\n')[0]!);
      this.sockets[other].send(through, this.phones[other], '127.0.0.1');
    }
  }
}

const closing: { close: () => void | Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing.splice(0)) await each.close();
});

async function wired(fate: Fate, timers = { t1: 40, t2: 160 }) {
  const [a, b] = [await SipPhone.open({ bindAddress: '127.0.0.1', user: 'a', timers }), await SipPhone.open({ bindAddress: '127.0.0.1', user: 'b', timers })];
  const wire = await LossyWire.between(a, b, fate);
  closing.push(a, b, wire);
  return { a, b, wire };
}

describe('a wire that loses and doubles datagrams', () => {
  it.each<[string, Fate]>([
    ['loses each message the first time', (_text, seen) => (seen === 0 ? 0 : 1)],
    ['doubles every message', () => 2],
    ['loses each message twice and doubles it then', (_text, seen) => (seen < 2 ? 0 : 2)],
    ['loses every third message', (() => {
      let count = 0;
      return () => ((count += 1) % 3 === 0 ? 0 : 1);
    })()],
  ])('%s: the call comes about once, is held, resumed and ended, and both know', async (_what, fate) => {
    const { a, b, wire } = await wired(fate);
    const outgoing = await a.call(wire.address('b'));
    const incoming = await b.nextCall();
    await incoming.answer();
    await outgoing.answered();
    await outgoing.hold();
    expect(incoming.isHeld).toBe(true);
    await outgoing.resume();
    expect(incoming.isHeld).toBe(false);
    expect(b.activeCalls).toHaveLength(1);
    await incoming.hangup();
    expect((await outgoing.ended()).by).toBe('remote');
    await expect(b.nextCall({ timeoutMs: 100 })).rejects.toThrow(/not in 100 ms/);
    expect(wire.passed.filter((line) => line.startsWith('SIP/2.0 481'))).toEqual([]);
  });

  it.each<[string, Fate]>([
    ['loses each message the first time', (_text, seen) => (seen === 0 ? 0 : 1)],
    ['doubles every message', () => 2],
  ])('%s: a call is given up, and one is refused', async (_what, fate) => {
    const { a, b, wire } = await wired(fate);
    const given = await a.call(wire.address('b'));
    const rang = await b.nextCall();
    expect(await given.hangup()).toMatchObject({ by: 'local', sipStatus: 487 });
    expect(await rang.ended()).toMatchObject({ by: 'remote' });
    b.onIncoming((call) => call.reject(603));
    const refused = await a.call(wire.address('b'));
    expect(await refused.ended()).toMatchObject({ by: 'failed', sipStatus: 603 });
    expect([...a.activeCalls, ...b.activeCalls]).toEqual([]);
  });

  it('an answer and a refusal are acknowledged as often as they come, until the other side has heard it', async () => {
    let lost = 0;
    const { a, b, wire } = await wired((text) => (text.startsWith('ACK') && (lost += 1) % 3 !== 0 ? 0 : 1), { t1: 15, t2: 60 });
    const outgoing = await a.call(wire.address('b'));
    const incoming = await b.nextCall();
    await incoming.answer();
    // Longer than 64 T1: without the ACK the answer would have been taken back.
    await expect(incoming.ended({ timeoutMs: 1300 })).rejects.toThrow(/not in 1300 ms/);
    const acknowledged = wire.passed.filter((line) => line.startsWith('ACK')).length;
    expect(acknowledged).toBeGreaterThanOrEqual(1);
    await outgoing.hangup();

    b.onIncoming((call) => call.reject(486));
    await (await a.call(wire.address('b'))).ended();
    await expect.poll(() => wire.passed.filter((line) => line.startsWith('ACK')).length, { timeout: 5000 }).toBeGreaterThan(acknowledged);
    expect(wire.passed.filter((line) => line.startsWith('SIP/2.0 486')).length).toBeGreaterThanOrEqual(3);
  });

  it('an answer that is never acknowledged is taken back', async () => {
    const { a, b, wire } = await wired((text) => (text.startsWith('ACK') ? 0 : 1));
    const outgoing = await a.call(wire.address('b'));
    const incoming = await b.nextCall();
    await incoming.answer();
    await outgoing.answered();
    expect(await incoming.ended()).toMatchObject({ by: 'failed', reason: 'the answer was never acknowledged' });
    expect(await outgoing.ended()).toMatchObject({ by: 'remote' });
  });

  it('an answer that crosses with giving up is hung up', async () => {
    let hold: (() => void) | undefined;
    const { a, b, wire } = await wired((text) => {
      if (text.startsWith('CANCEL')) hold?.();
      return text.startsWith('CANCEL') ? 0 : 1;
    });
    const outgoing = await a.call(wire.address('b'));
    const incoming = await b.nextCall();
    await outgoing.ringing();
    const answering = new Promise<void>((resolve) => {
      hold = () => {
        hold = undefined;
        incoming.answer().then(resolve, resolve);
      };
    });
    expect(await outgoing.hangup()).toMatchObject({ by: 'local', reason: 'hung up before the answer came' });
    await answering;
    expect(await incoming.ended()).toMatchObject({ by: 'remote' });
  });
});
