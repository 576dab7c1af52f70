import { AriClient } from '@troncal/ari';
import { newCallId, newId } from '@troncal/kernel';
import { startAsterisk, type AsteriskServer } from '@troncal/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AGENT_NODES, CallBench } from '../../../test/support/call-bench.js';
import { CallBridges } from './call-bridges.js';
import { PromptPlayer } from './prompt-player.js';
import { Seats } from './seats.js';

let asterisk: AsteriskServer;
let ari: AriClient;
beforeAll(async () => {
  asterisk = await startAsterisk();
  ari = new AriClient({ app: 'troncal', address: asterisk.ari, onFault: () => {} });
  ari.start();
  await ari.connected();
});
afterAll(async () => {
  ari?.close();
  await asterisk?.stop();
});

it('makes no bridge for a call that has ended while its text was being rendered', async () => {
  const rendered = Promise.withResolvers<string>();
  const looked = Promise.withResolvers<void>();
  const speech = { ready: () => undefined, render: () => rendered.promise };
  const isLive = (): boolean => {
    looked.resolve();
    return false;
  };
  const player = new PromptPlayer(ari, new CallBridges(ari, new Seats()), speech, () => looked.resolve(), isLive);
  const call = { ...new CallBench(AGENT_NODES).call, callId: newCallId() };
  await player.play(call, { kind: 'play', step: 1, text: 'Hola.', language: 'es' });
  await player.playOut(call, { kind: 'play_out', playbackId: newId(), source: { kind: 'text', text: 'Hola.', language: 'es' } });
  rendered.resolve('hello');
  await looked.promise;
  expect(await ari.bridges.list()).toEqual([]);
});
