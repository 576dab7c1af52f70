import { encodeUlaw, findTone, samplesOf, silence, tone } from '@troncal/audio';
import dgram from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { CallWaitError } from './sip-phone.errors.js';
import { SipPhone, type SipPhoneOptions } from './sip-phone.js';
import type { SipTrace } from './sip-transport.js';

const open: SipPhone[] = [];
async function phone(options: Partial<SipPhoneOptions> = {}): Promise<SipPhone> {
  const made = await SipPhone.open({ bindAddress: '127.0.0.1', user: `p${open.length}`, timers: { t1: 100, t2: 400 }, ...options });
  open.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Two phones in a call, `a` having called `b`. */
async function inCall(optionsA: Partial<SipPhoneOptions> = {}, optionsB: Partial<SipPhoneOptions> = {}) {
  const [a, b] = [await phone(optionsA), await phone(optionsB)];
  const outgoing = await a.call(b.address);
  const incoming = await b.nextCall();
  await incoming.answer();
  await outgoing.answered();
  return { a, b, outgoing, incoming };
}

describe('two phones', () => {
  it('ring, answer, hear each other both ways, dial and hang up', async () => {
    const [a, b] = [await phone({ displayName: 'Ana "la" Bé' }), await phone()];
    const events: string[] = [];
    const outgoing = await a.call(b.address, { headers: { 'X-Order': '7' } });
    outgoing.onEvent((event) => events.push(event.kind));
    const incoming = await b.nextCall();
    expect(incoming.inviteHeader('x-order')).toBe('7');
    expect(incoming.remoteAddress).toContain('"Ana \\"la\\" Bé" <sip:p0@127.0.0.1>;tag=');
    expect(incoming.remoteUser).toBe('p0');
    await outgoing.ringing();
    await incoming.answer();
    await outgoing.answered();

    const since = performance.now();
    const playing = Promise.all([outgoing.playTone(700, 600), incoming.playTone(1100, 600)]);
    const [atB, atA] = await Promise.all([incoming.heard.waitForTone(700, { sinceMs: since }), outgoing.heard.waitForTone(1100, { sinceMs: since })]);
    const [sentByA] = await playing;
    expect(atB.atMs).toBeGreaterThanOrEqual(sentByA.startedAtMs);
    expect(atB.atMs - sentByA.startedAtMs).toBeLessThan(500);
    expect(incoming.heard.toneRatio(700, atB.atMs, atB.atMs + 400)).toBeGreaterThan(0.9);
    expect(outgoing.heard.toneRatio(1100, atA.atMs, atA.atMs + 400)).toBeGreaterThan(0.9);
    expect(outgoing.heard.toneRatio(700, atA.atMs, atA.atMs + 400)).toBeLessThan(0.05);

    await outgoing.sendDigits('15#', { durationMs: 60, gapMs: 60 });
    expect(await incoming.digits(3)).toBe('15#');
    await incoming.sendDigits('0');
    expect(await outgoing.digits(1)).toBe('0');

    expect((await incoming.hangup()).by).toBe('local');
    expect((await outgoing.ended()).by).toBe('remote');
    expect(events).toEqual(['ringing', 'answered', 'digit', 'ended']);
    const { invitedAtMs, ringingAtMs, answeredAtMs, endedAtMs } = outgoing.times;
    expect([invitedAtMs, ringingAtMs!, answeredAtMs!, endedAtMs!]).toEqual([invitedAtMs, ringingAtMs!, answeredAtMs!, endedAtMs!].toSorted((x, y) => x - y));
    expect([...a.activeCalls, ...b.activeCalls]).toEqual([]);
  });

  it('tells when voice begins and when it is silent again', async () => {
    const { outgoing, incoming } = await inCall();
    const before = performance.now();
    await incoming.play(silence(200));
    const said = await incoming.play(tone(440, 400));
    const voice = await outgoing.heard.waitForVoice({ sinceMs: before });
    const quiet = await outgoing.heard.waitForSilence({ sinceMs: voice.atMs, forMs: 200 });
    expect(voice.atMs).toBeGreaterThanOrEqual(said.startedAtMs);
    expect(voice.atMs - said.startedAtMs).toBeLessThan(250);
    expect(quiet.atMs - voice.atMs).toBeGreaterThan(250);
    expect(quiet.atMs - voice.atMs).toBeLessThan(800);
    expect(outgoing.heard.firstAudioAt).toBe(voice.atMs);
    expect(outgoing.heard.firstFrameAt!).toBeLessThan(voice.atMs);
    expect(findTone(samplesOf(outgoing.heard.recording()), 440)).toBeDefined();
  });

  it('sends a frame each 20 ms on the whole, without drift', async () => {
    const { outgoing, incoming } = await inCall();
    const played = await outgoing.play(encodeUlaw(tone(600, 2000)));
    expect(played.complete).toBe(true);
    // An interval timer would have drifted by 120 ms and more in this time.
    expect(Math.abs(played.endedAtMs - played.startedAtMs - 2000)).toBeLessThan(90);
    await incoming.heard.waitForSilence({ sinceMs: played.endedAtMs, forMs: 100 });
    const { received } = incoming.statistics;
    expect(received).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0, ssrcChanges: 0 });
    expect(incoming.heard.between(played.startedAtMs, played.endedAtMs + 100).length).toBeGreaterThanOrEqual(99);
  });

  it('falls silent at once when told, and says that the piece was not played out', async () => {
    const { outgoing, incoming } = await inCall();
    const playing = outgoing.playTone(500, 30_000);
    await incoming.heard.waitForTone(500);
    const stoppedAt = performance.now();
    outgoing.stopPlaying();
    expect((await playing).complete).toBe(false);
    expect((await incoming.heard.waitForSilence({ forMs: 100 })).atMs - stoppedAt).toBeLessThan(500);
  });

  it('speaks A-law with a phone that knows nothing else', async () => {
    const { outgoing, incoming } = await inCall({}, { codecs: ['PCMA'] });
    expect([outgoing.codec, incoming.codec]).toEqual(['PCMA', 'PCMA']);
    const playing = outgoing.playTone(900, 400);
    await incoming.heard.waitForTone(900);
    await playing;
  });

  it('refuses a call with no codec in common by 488', async () => {
    const [a, b] = [await phone({ codecs: ['PCMU'] }), await phone({ codecs: ['PCMA'] })];
    const outgoing = await a.call(b.address);
    await expect((await b.nextCall()).answer()).rejects.toThrow(/no codec in common/);
    expect(await outgoing.ended()).toMatchObject({ by: 'failed', sipStatus: 488 });
  });

  it('is put on hold and taken back, and hears nothing of the other side meanwhile', async () => {
    const { outgoing, incoming } = await inCall();
    const events: string[] = [];
    incoming.onEvent((event) => events.push(event.kind));
    await outgoing.hold();
    expect(incoming.isHeld).toBe(true);
    const since = performance.now();
    const playing = incoming.playTone(800, 300);
    await outgoing.heard.waitForSilence({ sinceMs: since, forMs: 250 });
    await playing;
    await outgoing.resume();
    expect(incoming.isHeld).toBe(false);
    const again = incoming.playTone(800, 300);
    await outgoing.heard.waitForTone(800);
    await again;
    expect(events).toEqual(['held', 'resumed']);
    expect((await outgoing.hangup()).by).toBe('local');
  });

  it('gives up a ringing call: CANCEL, 487, and both sides know', async () => {
    const [a, b] = [await phone(), await phone()];
    const outgoing = await a.call(b.address);
    const incoming = await b.nextCall();
    expect(await outgoing.hangup()).toMatchObject({ by: 'local', sipStatus: 487 });
    expect(await incoming.ended()).toMatchObject({ by: 'remote', sipStatus: 487 });
    await expect(outgoing.answered({ timeoutMs: 50 })).rejects.toThrow(/the call is over \(local: 487/);
  });

  it('refuses with the status it is told, which the caller learns', async () => {
    const [a, b] = [await phone(), await phone()];
    b.onIncoming((call) => call.reject(486));
    const outgoing = await a.call(b.address);
    expect(await outgoing.ended()).toMatchObject({ by: 'failed', sipStatus: 486, reason: 'Busy Here' });
    await expect(outgoing.answered()).rejects.toThrow(CallWaitError);
  });

  it('carries several calls at once without mixing them', async () => {
    const [a, b, c] = [await phone(), await phone(), await phone()];
    for (const each of [b, c]) each.onIncoming((call) => call.answer());
    const calls = await Promise.all([a.call(b.address), a.call(c.address), a.call(b.address)]);
    await Promise.all(calls.map((call) => call.answered()));
    const tones = [500, 900, 1400];
    const since = performance.now();
    const playing = Promise.all(calls.map((call, i) => call.playTone(tones[i]!, 500)));
    const atOther = [...b.activeCalls, ...c.activeCalls];
    expect(atOther).toHaveLength(3);
    await playing;
    const heard = atOther.map((call) => tones.filter((hz) => call.heard.toneRatio(hz, since) > 0.5));
    expect(heard.flat().toSorted((x, y) => x - y)).toEqual(tones);
    await calls[1]!.hangup();
    expect(calls[0]!.callEnd).toBeUndefined();
    expect(c.activeCalls).toHaveLength(0);
    expect(b.activeCalls).toHaveLength(2);
  });

  it('says what it knows when a wait fails', async () => {
    const { outgoing } = await inCall();
    await expect(outgoing.heard.waitForTone(1000, { timeoutMs: 150 })).rejects.toThrow(/tone of 1000 Hz: not in 150 ms; last SIP response 200 OK, call answered, \d+ audio frames heard, all silent/);
    const pending = outgoing.heard.waitForTone(1000, { timeoutMs: 10_000 });
    await outgoing.hangup();
    await expect(pending).rejects.toThrow(/the call is over \(local/);
  });

  it('fails a call to nobody after 64 T1, and to no address at once', async () => {
    const a = await phone({ timers: { t1: 10, t2: 40 } });
    const gone = await phone();
    const { address } = gone;
    await gone.close();
    const outgoing = await a.call(address);
    expect(await outgoing.ended()).toMatchObject({ by: 'failed', reason: expect.stringMatching(/got no answer from 127.0.0.1:\d+ in 640 ms/) });
    await expect(a.call('100')).rejects.toThrow(/without a registrar/);
    await expect(a.call('sip:@@')).rejects.toThrow(/no SIP address/);
  });

  it('closes in the middle of calls: the other side is told, ports are free, waits fail', async () => {
    const { a, b, outgoing, incoming } = await inCall();
    const ringing = await a.call(b.address);
    const waiting = a.nextCall();
    const { port } = a;
    const closed = a.close();
    await expect(waiting).rejects.toThrow(/the phone was closed/);
    await closed;
    expect((await incoming.ended()).by).toBe('remote');
    expect(outgoing.callEnd?.by).toBe('local');
    expect(ringing.callEnd?.by).toBe('local');
    const again = await phone({ port });
    expect(again.port).toBe(port);
    await expect(a.call(b.address)).rejects.toThrow(/closed/);
  });

  it('answers OPTIONS, refuses what it does not know, and shrugs off junk in the middle of a call', async () => {
    const traces: SipTrace[] = [];
    const { b, outgoing, incoming } = await inCall({}, { trace: (trace) => traces.push(trace) });
    const socket = dgram.createSocket('udp4');
    const answers: string[] = [];
    socket.on('message', (datagram) => answers.push(datagram.toString().split('\r\n')[0]!));
    const request = (method: string, extra: string[] = [], to = '<sip:x@h>'): string =>
      [`${method} sip:x@h SIP/2.0`, `Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK${method}${extra.length};rport`, 'From: <sip:y@h>;tag=1', `To: ${to}`, `Call-ID: ${method}${extra.length}`, `CSeq: 1 ${method}`, ...extra, '', ''].join('\r\n');
    const send = (data: string | Uint8Array): void => socket.send(data, b.port, '127.0.0.1');
    for (const junk of ['', '\0\0', 'hello', '\r\n\r\n', 'INVITE', 'SIP/2.0 200', `${'A'.repeat(60_000)}`, new Uint8Array(1000).fill(255)]) send(junk);
    send(request('OPTIONS'));
    send(request('SUBSCRIBE'));
    send(request('BYE', [], '<sip:x@h>;tag=9'));
    send(request('INVITE', ['Require: 100rel']));
    send(request('INVITE', ['Content-Type: application/sdp', 'Content-Length: 900']));
    const lines = ['SIP/2.0 200 OK', 'SIP/2.0 405 Method Not Allowed', 'SIP/2.0 420 Bad Extension', 'SIP/2.0 481 Call/Transaction Does Not Exist'];
    await expect.poll(() => [...new Set(answers)].toSorted(), { timeout: 5000 }).toEqual(lines);
    socket.close();
    expect(b.badDatagrams).toBeGreaterThanOrEqual(5);
    expect(traces.some((trace) => trace.fault?.includes('Content-Length 900') === true)).toBe(true);
    const playing = outgoing.playTone(640, 300);
    await incoming.heard.waitForTone(640);
    await playing;
  });
});
