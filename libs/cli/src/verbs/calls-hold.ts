import { CALL_ID, steerCall } from '../api/steer-call.js';
import { verb } from '../verb.js';

export const callsHold = verb(
  'hold <id>',
  'Puts the caller on hold',
  (yargs) => yargs.positional('id', CALL_ID),
  (args, session) => steerCall(session, args.id, { path: ['hold'] }, (callId) => `call ${callId} is on hold`),
);
