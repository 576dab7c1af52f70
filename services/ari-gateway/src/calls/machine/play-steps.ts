import type { Leg } from '../call.js';
import type { CallMessage } from './call-message.js';
import type { Turn } from './turn.js';

/** Plays a sound or says a text to everybody in the call's bridge; one at a time. */
export function play(turn: Turn, { playbackId, what, name, source }: Extract<CallMessage, { kind: 'play' }>): void {
  if (turn.call.playback) return turn.refuse({ code: 'already_playing', what: "can't play a second sound", remedy: 'Wait for its PlaybackFinished, or stop it.' });
  const remedy = 'Play to a call while its caller talks, waits on hold or is parked; in its route its prompts are played.';
  if (!turn.allows(['talking', 'agent', 'held', 'conference', 'parked', 'consulting'], "can't play anything", remedy)) return;
  turn.set({ playback: { playbackId } });
  turn.state({ name: 'PlaybackStarted', data: { playbackId, what, name: name.slice(0, 500) } });
  turn.do({ kind: 'play_out', playbackId, source });
}

/** It is over; a report on one that is over already means nothing. */
export function played(turn: Turn, playbackId: string, outcome: 'completed' | 'stopped' | 'failed'): void {
  if (turn.call.playback?.playbackId !== playbackId) return;
  turn.set({ playback: null });
  turn.state({ name: 'PlaybackFinished', data: { playbackId, outcome } });
}

/** Ends what is played at somebody's wish. */
export function stopPlaying(turn: Turn): void {
  const { playback } = turn.call;
  if (!playback) return turn.refuse({ code: 'not_playing', what: 'plays nothing that could be stopped', remedy: 'A playback that has ended needs no stop.' });
  turn.do({ kind: 'stop_play_out', playbackId: playback.playbackId });
  played(turn, playback.playbackId, 'stopped');
}

/** Sends digits to one party. */
export function sendDigits(turn: Turn, { digits, to, masked }: Extract<CallMessage, { kind: 'send_digits' }>): void {
  if (!turn.allows(['talking', 'agent', 'held', 'conference', 'consulting', 'parked', 'route', 'awaiting_agent'], "can't be sent digits", 'Wait for its CallAnswered.')) return;
  const leg = to === 'caller' ? turn.primary : otherParty(turn);
  if (!leg) return turn.refuse({ code: 'nobody_there', what: 'has nobody but its caller to send digits to', remedy: 'Send them to "caller", or once somebody has answered.' });
  turn.state({ name: 'DtmfSent', data: { legId: leg.legId, to, digits: masked ? '•'.repeat(digits.length) : digits, masked } });
  turn.do({ kind: 'send_digits', channelId: leg.channelId, digits });
}

/** Whom the caller talks with; an AI agent has no ear for digits. */
export function otherParty(turn: Turn): Leg | undefined {
  return turn.otherLegs().find((leg) => leg.state === 'up' && leg.kind !== 'media');
}
