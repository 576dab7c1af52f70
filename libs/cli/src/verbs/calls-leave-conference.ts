import { CALL_ID, steerCall } from '../api/steer-call.js';
import { verb } from '../verb.js';

export const callsLeaveConference = verb(
  'leave-conference <id>',
  'Takes the call out of its conference',
  (yargs) => yargs.positional('id', CALL_ID),
  (args, session) => steerCall(session, args.id, { method: 'DELETE', path: ['conference'] }, (callId) => `call ${callId} has left its conference`),
);
