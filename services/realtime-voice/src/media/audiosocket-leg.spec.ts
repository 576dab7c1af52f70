import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createLogger } from '@troncal/observability';
import { eventually } from '@troncal/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AudioSocketLeg } from './audiosocket-leg.js';
import { FramePacer } from './frame-pacer.js';

const FRAME = 323;
let server: Server;
let near: Socket;
let far: Socket;
/** A clock that never comes by itself: the tests call `tick`. */
const still = (): FramePacer => new FramePacer(() => 0);

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  far = connect((server.address() as AddressInfo).port, '127.0.0.1');
  far.on('error', () => {});
  [near] = await accepted;
});
afterEach(() => {
  near.destroy();
  far.destroy();
  server.close();
});

function open(pacer = still()): { leg: AudioSocketLeg; ends: (string | undefined)[]; reports: string[] } {
  const leg = new AudioSocketLeg('leg', near, 'ulaw', pacer, createLogger({ service: 'realtime-voice', level: 'silent' }));
  const ends: (string | undefined)[] = [];
  const reports: string[] = [];
  leg.handle({ audio: () => {}, report: (report) => void reports.push(report.kind), writable: () => {}, closed: (fault) => void ends.push(fault) });
  return { leg, ends, reports };
}
const audio = (frames: number) => ({ kind: 'audio', bytes: new Uint8Array(160 * frames) }) as const;

describe('an AudioSocket leg', () => {
  it('writes a frame a tick and nothing of what was flushed', async () => {
    const { leg, reports } = open();
    let got = 0;
    far.on('data', (piece: Buffer) => (got += piece.length));
    leg.write([audio(10)]);
    leg.write([{ kind: 'mark', mark: 'end' }]);
    for (let i = 0; i < 3; i += 1) leg.tick();
    leg.write([{ kind: 'flush' }]);
    for (let i = 0; i < 20; i += 1) leg.tick();
    await eventually('three frames', () => got === 3 * FRAME);
    expect(reports).toEqual([]);
    leg.write([{ kind: 'pause' }]);
    leg.write([audio(1)]);
    leg.tick();
    leg.write([{ kind: 'proceed' }]);
    leg.write([{ kind: 'mark', mark: 'end' }]);
    leg.tick();
    leg.tick();
    await eventually('one more', () => got === 4 * FRAME);
    expect(reports).toEqual(['played']);
    leg.close('done');
  });

  it('drops a peer that does not read, instead of keeping its audio', async () => {
    const { leg, ends } = open();
    far.pause();
    near.write(Buffer.alloc(16 * 1024 * 1024));
    leg.write([audio(1)]);
    leg.tick();
    expect(ends).toEqual(['the peer does not read']);
    expect(near.destroyed).toBe(true);
  });

  it('ends with its owner’s fault, with a reset, and once', async () => {
    const { leg, ends } = open();
    leg.guard(() => {
      throw new Error('planted');
    });
    expect(ends).toEqual(['an internal fault']);
    leg.close('again');
    leg.tick();
    expect(ends).toHaveLength(1);
  });

  it('ends when the connection is reset in mid-frame', async () => {
    const { ends } = open();
    far.write(Uint8Array.of(0x10, 0x01, 0x40, 1, 2, 3));
    far.resetAndDestroy();
    await eventually('the end', () => ends.length === 1);
    expect(ends).toEqual([undefined]);
  });
});

describe('the pacer', () => {
  it('is looked at by whoever is served while the loop is too busy for its timer, and tells what it could not make up for', () => {
    let now = 0;
    let held = 0;
    const pacer = new FramePacer(() => now, (seconds) => (held += seconds));
    const { leg } = open(pacer);
    const other = { tick: () => void (ticks += 1) };
    let ticks = 0;
    pacer.add(other);
    const caller = Buffer.from([0x10, 0x01, 0x40, ...new Uint8Array(320)]);
    for (; now < 1_000; now += 7) leg.receive(caller);
    expect(ticks).toBe(50);
    expect(held).toBe(0);
    now += 200;
    leg.receive(caller);
    // Due since 995: of 206 ms eight frames are too many, of two legs.
    expect(held).toBeCloseTo(2 * 0.16, 6);
    expect(ticks).toBe(52);
    leg.close('done');
    pacer.remove(other);
  });

  it('ticks every leg 50 times a second by the clock, and rests without legs', async () => {
    const pacer = new FramePacer(() => performance.now());
    const counts = Array.from({ length: 5 }, () => 0);
    const legs = counts.map((_, i) => ({ tick: () => void (counts[i]! += 1) }));
    const began = performance.now();
    for (const leg of legs) pacer.add(leg);
    await eventually('a quarter of a second', () => performance.now() - began > 250);
    const most = (performance.now() - began) / 20 + 1;
    for (const count of counts) expect(count).toBeLessThanOrEqual(most);
    for (const leg of legs.slice(0, 4)) pacer.remove(leg);
    pacer.remove(legs[4]!);
    const before = [...counts];
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(counts).toEqual(before);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });
});
