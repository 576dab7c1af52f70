import type { BlockingAction } from '@troncal/callflow';
import type { CallRecording } from '../call.js';
import type { Turn } from './turn.js';

/** Takes a message of the caller: a recording of its own, whose end, however it comes, lets the route go on. */
export function startVoicemail(turn: Turn, { step, maxSeconds, silenceSeconds, mailbox }: Extract<BlockingAction, { kind: 'voicemail' }>): void {
  const recordingId = turn.context.newId();
  const recording: CallRecording = {
    recordingId, state: 'recording', announced: true, channels: 'mono', pausedAt: null, voicemail: { mailbox, step, maxSeconds, silenceSeconds }, durationMs: null, bytes: null,
  };
  turn.set({ recordings: [...turn.call.recordings, recording] });
  // The beep says so to everybody.
  turn.state({ name: 'RecordingStarted', data: { recordingId, announced: true, channels: 'mono', purpose: 'voicemail', mailbox } });
  turn.do({ kind: 'record', recordingId, channels: 'mono', message: { maxSeconds, silenceSeconds } });
}

/** Ends the message that is being taken in that step, if one is: what was said is kept. */
export function stopVoicemail(turn: Turn, step: number): void {
  const recording = messageOf(turn, step);
  if (recording) turn.do({ kind: 'stop_record', recordingId: recording.recordingId, channels: 'mono' });
}

/** The caller's digit ends the message where the route says so. */
export function digitInVoicemail(turn: Turn, digit: string): void {
  const { flow, route } = turn.call;
  const node = flow?.phase === 'voicemail' && Object.hasOwn(route.nodes, flow.node) ? route.nodes[flow.node] : undefined;
  if (flow && node?.kind === 'voicemail' && node.finishOnKey === digit) stopVoicemail(turn, flow.step);
}

/** True when that step's message is still being taken: a recording goes on when we die, and its end is told, or found. */
export function takesMessage(turn: Turn, step: number): boolean {
  return messageOf(turn, step) !== undefined;
}

function messageOf(turn: Turn, step: number): CallRecording | undefined {
  return turn.call.recordings.find((each) => each.state === 'recording' && each.voicemail?.step === step);
}
