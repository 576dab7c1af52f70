import { CALL_ID, steerCall } from '../api/steer-call.js';
import { verb } from '../verb.js';

export const callsResume = verb(
  'resume <id>',
  'Ends the hold',
  (yargs) => yargs.positional('id', CALL_ID),
  (args, session) => steerCall(session, args.id, { path: ['resume'] }, (callId) => `call ${callId} is no longer on hold`),
);
