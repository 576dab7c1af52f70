import { leaveConference } from './conference-steps.js';
import type { ControlMessage } from './control-message.js';
import { endCall } from './end-call.js';
import { hold, resumeHeld } from './hold-steps.js';
import { startLink } from './link-steps.js';
import { park, startPickup } from './park-steps.js';
import { play, sendDigits, stopPlaying } from './play-steps.js';
import { askRecording, pauseRecording, stopRecording } from './recording-steps.js';
import { startSnoop, stopSnoop } from './snoop-steps.js';
import { transfer } from './transfer-call.js';
import type { Turn } from './turn.js';
import { cancelConsultation, completeConsultation, startConsultation } from './warm-transfer-steps.js';

/** Does what somebody asks of a live call, or refuses it. */
export function takeControl(turn: Turn, message: ControlMessage): void {
  switch (message.kind) {
    case 'hold':
      return hold(turn, message.requestedBy);
    case 'resume':
      return resumeHeld(turn);
    case 'play':
      return play(turn, message);
    case 'stop_playing':
      return stopPlaying(turn);
    case 'send_digits':
      return sendDigits(turn, message);
    case 'link':
      return startLink(turn, message);
    case 'leave_conference':
      // A caller whom nobody is left with has been taken out of the call's last conversation.
      if (leaveConference(turn) && turn.otherLegs().length === 0) endCall(turn, { endedBy: 'api', cause: 16 });
      return;
    case 'park':
      return park(turn, message);
    case 'pickup':
      return startPickup(turn, message);
    case 'transfer':
      return transfer(turn, message);
    case 'warm_transfer':
      return startConsultation(turn, message);
    case 'complete_transfer':
      return completeConsultation(turn);
    case 'cancel_transfer':
      return cancelConsultation(turn);
    case 'snoop':
      return startSnoop(turn, message);
    case 'stop_snoop':
      return stopSnoop(turn, message.snoopId);
    case 'record':
      return askRecording(turn, message);
    case 'record_stop':
      return stopRecording(turn);
    case 'record_pause':
      return pauseRecording(turn, true);
    case 'record_resume':
      return pauseRecording(turn, false);
  }
}
