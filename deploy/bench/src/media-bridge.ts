import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidByCommand, startAsterisk } from '@troncal/testing';
import { alternate, percentile, table, type Figures } from './figures.js';
import { AudioSocketPeer } from './media/audiosocket-peer.js';
import { startBareRelay, startBehindFrontDoor, startRealtimeVoice, type Bridge } from './media/bridges.js';
import { openPeers, type MediaPeer } from './media/media-peers.js';
import { SocketCallers } from './media/socket-callers.js';
import { startTalkingProvider } from './media/talking-provider.js';
import { TwilioPeer } from './media/twilio-peer.js';
import { WebSocketPeer } from './media/websocket-peer.js';
import { cpuSeconds, machine, residentMiB } from './process-cost.js';

const CALLS = Number(process.env['BENCH_CALLS'] ?? 50);
/** 0: nothing through an Asterisk. */
const EDGE_CALLS = Number(process.env['BENCH_EDGE_CALLS'] ?? 50);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
const RUNS = Number(process.env['BENCH_RUNS'] ?? 3);
const SETTLE_MS = 3_000;
const FRAMES_PER_SECOND = 50;

type Peer = (bridge: Bridge) => Promise<MediaPeer>;
const overWebSocket: Peer = async (bridge) => WebSocketPeer.open(bridge.mediaUrl, await bridge.leg());
const overAudioSocket: Peer = async (bridge) => AudioSocketPeer.open(bridge.audioSocketPort ?? 0, await bridge.leg());

const overTwilio: Peer = async (bridge) => TwilioPeer.open(bridge.streamUrl ?? '', await bridge.leg(true));

/** One run: all calls at once, caller and agent both talking without a pause. */
async function measure(start: (provider: string) => Promise<Bridge>, open: Peer): Promise<Figures> {
  const provider = await startTalkingProvider();
  const bridge = await start(provider.url);
  const peers = await openPeers(CALLS, () => open(bridge));
  try {
    await sleep(SETTLE_MS);
    provider.takeAges();
    peers.take();
    const spent = (): number => cpuSeconds(bridge.pid) + (bridge.doorPid === undefined ? 0 : cpuSeconds(bridge.doorPid));
    const [cpu, began] = [spent(), performance.now()];
    await sleep(SECONDS * 1000);
    const lasted = (performance.now() - began) / 1000;
    const perCall = (spent() - cpu) / lasted / CALLS;
    const inward = provider.takeAges();
    const { ages: outward, frames, late, ticks } = peers.take();
    const expected = CALLS * lasted * FRAMES_PER_SECOND;
    return {
      '% core/call': perCall * 100,
      'calls/core': 1 / perCall,
      'in p50 ms': percentile(inward, 0.5),
      'in p99 ms': percentile(inward, 0.99),
      'out p50 ms': percentile(outward, 0.5),
      'out p99 ms': percentile(outward, 0.99),
      'late %': (late / Math.max(1, ticks)) * 100,
      'frames in %': (inward.length / expected) * 100,
      'frames out %': (frames / expected) * 100,
      'RSS MiB': residentMiB(bridge.pid),
    };
  } finally {
    peers.close();
    await bridge.close();
    await provider.close();
  }
}

/** One run through a real Asterisk: each caller in a mixing bridge with a media leg; or in Echo, with no leg at all. */
async function measureEdge(kind: 'websocket' | 'audiosocket' | 'none'): Promise<Figures> {
  const provider = await startTalkingProvider();
  const bridge = await startRealtimeVoice(provider.url);
  const edge = await startAsterisk({ mediaUrl: bridge.mediaUrl, audioSocket: `127.0.0.1:${bridge.audioSocketPort ?? 0}` });
  const callers = await SocketCallers.open(edge);
  try {
    for (let i = 0; i < EDGE_CALLS; i++) {
      const channel = await callers.add();
      if (kind === 'none') await callers.echo(channel);
      else await callers.bridge(channel, kind, await bridge.leg());
    }
    callers.talk();
    await sleep(SETTLE_MS);
    const asterisk = pidByCommand(join(edge.values.dirs.state, '..', 'etc'));
    callers.take();
    const [before, node, began] = [cpuSeconds(asterisk), cpuSeconds(bridge.pid), performance.now()];
    await sleep(SECONDS * 1000);
    const lasted = (performance.now() - began) / 1000;
    const perCall = (seconds: number): number => (seconds / lasted / EDGE_CALLS) * 100;
    const [inAsterisk, inNode] = [perCall(cpuSeconds(asterisk) - before), kind === 'none' ? 0 : perCall(cpuSeconds(bridge.pid) - node)];
    return {
      'Asterisk % core/call': inAsterisk,
      'Node % core/call': inNode,
      'both % core/call': inAsterisk + inNode,
      'calls/core, both': 100 / (inAsterisk + inNode),
      'frames to callers %': (callers.take() / (EDGE_CALLS * lasted * FRAMES_PER_SECOND)) * 100,
      'Asterisk RSS MiB': residentMiB(asterisk),
    };
  } finally {
    callers.close();
    await edge.stop();
    await bridge.close();
    await provider.close();
  }
}

const legs = await alternate(RUNS, {
  'realtime-voice, chan_websocket': () => measure(startRealtimeVoice, overWebSocket),
  'realtime-voice, AudioSocket': () => measure(startRealtimeVoice, overAudioSocket),
  'realtime-voice, Twilio': () => measure(startRealtimeVoice, overTwilio),
  'realtime-voice and front door, Twilio': () => measure(startBehindFrontDoor, overTwilio),
  'bare relay, chan_websocket (bound)': () => measure(startBareRelay, overWebSocket),
});
console.log(`Media bridge: ${CALLS} calls at once, caller and agent talking without a pause for ${SECONDS} s, medians of ${RUNS} alternating runs`);
console.log(`${machine()}; the load generator shares the machine; budget in: p50 < 1 ms, p99 < 5 ms; >= 500 calls/core\n`);
console.log(table(legs));
const edges = EDGE_CALLS > 0 && await alternate(RUNS, {
  'chan_websocket': () => measureEdge('websocket'),
  'AudioSocket': () => measureEdge('audiosocket'),
  'none (Echo)': () => measureEdge('none'),
});
if (edges) console.log(`\nThrough a real Asterisk: ${EDGE_CALLS} calls at once, callers over chan_websocket in every row, ${SECONDS} s, medians of ${RUNS} alternating runs\n\n${table(edges)}`);
process.exit(0);
