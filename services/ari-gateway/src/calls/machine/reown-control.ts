import { silence } from './hold-steps.js';
import { played } from './play-steps.js';
import { bringTogether, openTap } from './snoop-steps.js';
import type { Turn } from './turn.js';
import { putTogether } from './warm-transfer-steps.js';

/** The shortest wait after which a slot or a ringing phone is looked at, ms: nobody loses a caller to our own death. */
const SHORTEST_MS = 2_000;
const RING_MS = 25_000;

/** Does again what was done to the call from outside its route, after the gateway's death or a lost connection. All of it may be done twice. */
export function reownControl(turn: Turn, restarted: boolean): void {
  const { held, parked, consult, conference, playback, snoops, legs } = turn.call;
  if (held || (consult && !consult.unattended)) silence(turn);
  if (parked) {
    turn.do({ kind: 'hold_music', on: true }, { kind: 'timer', name: 'park', step: 0, ms: Math.max(SHORTEST_MS, parked.until - turn.context.now) });
    if (parked.claimed) turn.do({ kind: 'timer', name: 'pickup', step: 0, ms: RING_MS });
  }
  if (consult?.talking) putTogether(turn, consult);
  else if (consult) turn.do({ kind: 'timer', name: 'consult', step: 0, ms: RING_MS });
  const link = legs.find((leg) => leg.legId === conference?.legId);
  if (link) turn.do({ kind: 'join_room', leg: link });
  if (playback) {
    // Whether it ended meanwhile is not known.
    turn.do({ kind: 'stop_play_out', playbackId: playback.playbackId });
    played(turn, playback.playbackId, 'stopped');
  }
  for (const snoop of snoops) {
    const tap = legs.find((leg) => leg.legId === snoop.tapId);
    if (tap?.state === 'up') bringTogether(turn, snoop);
    else if (restarted && !tap && legs.some((leg) => leg.legId === snoop.legId && leg.state === 'up')) openTap(turn, snoop);
  }
}
