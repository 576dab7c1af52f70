import { everyFrame } from './stamped-frame.js';

/** One media leg as its Asterisk would hold it. */
export interface MediaPeer {
  /** 20 ms are over: sends the caller's frame. Whether a listener who had begun to hear had something to hear; undefined before that. */
  tick(): boolean | undefined;
  /** Ages, ms, of the agent's frames on arrival since the last call; none where frames are timed by the other side. */
  takeAges(): number[];
  /** Agent's frames that arrived since the last call. */
  takeFrames(): number;
  close(): void;
}

/** Many media legs, and what was heard on them. */
export interface MediaPeers {
  take(): { readonly ages: number[]; readonly frames: number; readonly late: number; readonly ticks: number };
  close(): void;
}

/** Opens `count` legs, each as soon as its address is known (the provider may speak from then on), and begins to speak on all. */
export async function openPeers(count: number, open: () => Promise<MediaPeer>): Promise<MediaPeers> {
  let [late, ticks] = [0, 0];
  const legs: MediaPeer[] = [];
  while (legs.length < count) legs.push(await open());
  const stop = everyFrame(() => {
    for (const leg of legs) {
      const heard = leg.tick();
      if (heard === undefined) continue;
      ticks++;
      if (!heard) late++;
    }
  });
  return {
    take: () => {
      const taken = { ages: legs.flatMap((leg) => leg.takeAges()), frames: legs.reduce((sum, leg) => sum + leg.takeFrames(), 0), late, ticks };
      [late, ticks] = [0, 0];
      return taken;
    },
    close: () => {
      stop();
      for (const leg of legs) leg.close();
    },
  };
}
