import { once } from 'node:events';
import { WebSocket } from 'ws';
import { agesOf, everyFrame, FRAME_BYTES, stampFrame } from './stamped-frame.js';

/** Audio that Asterisk holds before it must have something to play; below it a listener hears a gap. */
const PRELOAD_FRAMES = 5;

/** Many media legs as chan_websocket would hold them, and what was heard on them. */
export interface MediaPeers {
  /** Ages of the agent’s frames on arrival, and ticks at which a leg that had begun to play had nothing, since the last call. */
  take(): { readonly ages: number[]; readonly late: number; readonly ticks: number };
  close(): void;
}

interface Leg {
  readonly socket: WebSocket;
  queued: number;
  playing: boolean;
  marks: { readonly id: string; readonly after: number }[];
}

async function openLeg(url: string, onAges: (ages: number[]) => void): Promise<Leg> {
  const socket = new WebSocket(url, ['media'], { perMessageDeflate: false });
  const leg: Leg = { socket, queued: 0, playing: false, marks: [] };
  socket.on('error', () => {});
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      leg.queued += Math.floor(data.length / FRAME_BYTES);
      onAges(agesOf(data));
      return;
    }
    const command = JSON.parse(data.toString()) as { command: string; correlation_id?: string };
    if (command.command === 'MARK_MEDIA') leg.marks.push({ id: command.correlation_id ?? '', after: leg.queued });
    if (command.command === 'FLUSH_MEDIA') {
      leg.queued = 0;
      leg.marks = [];
    }
    if (command.command === 'GET_STATUS') say(leg, { event: 'STATUS', channel_id: 'bench', queue_length: leg.queued, xon_level: 800, xoff_level: 900, queue_full: false, bulk_media: false, media_paused: false });
  });
  await once(socket, 'open');
  say(leg, { event: 'MEDIA_START', connection_id: 'voice', channel: 'WebSocket/bench', channel_id: 'bench', format: 'ulaw', optimal_frame_size: FRAME_BYTES, ptime: 20, channel_variables: {} });
  return leg;
}

function say(leg: Leg, event: object): void {
  if (leg.socket.readyState === WebSocket.OPEN) leg.socket.send(JSON.stringify(event));
}

/** Opens `count` legs, each as soon as its address is known (the provider may speak from then on), and begins to speak on all. */
export async function openPeers(count: number, legUrl: () => Promise<string>): Promise<MediaPeers> {
  let ages: number[] = [];
  let late = 0;
  let ticks = 0;
  const legs: Leg[] = [];
  while (legs.length < count) legs.push(await openLeg(await legUrl(), (seen) => ages.push(...seen)));
  const stop = everyFrame(() => {
    for (const leg of legs) {
      leg.socket.send(stampFrame());
      if (!leg.playing) leg.playing = leg.queued >= PRELOAD_FRAMES;
      if (!leg.playing) continue;
      ticks++;
      if (leg.queued === 0) {
        late++;
        leg.playing = false;
        continue;
      }
      leg.queued--;
      leg.marks = leg.marks.map((mark) => ({ ...mark, after: mark.after - 1 }));
      for (const mark of leg.marks) if (mark.after <= 0) say(leg, { event: 'MEDIA_MARK_PROCESSED', channel_id: 'bench', correlation_id: mark.id });
      leg.marks = leg.marks.filter((mark) => mark.after > 0);
    }
  });
  return {
    take: () => {
      const taken = { ages, late, ticks };
      ages = [];
      late = 0;
      ticks = 0;
      return taken;
    },
    close: () => {
      stop();
      for (const leg of legs) leg.socket.terminate();
    },
  };
}
