import { CALL_ID, steerCall } from '../api/steer-call.js';
import { verb } from '../verb.js';

export const callsCompleteTransfer = verb(
  'complete-transfer <id>',
  'Puts the caller and the target together',
  (yargs) => yargs.positional('id', CALL_ID),
  (args, session) => steerCall(session, args.id, { path: ['warm-transfer', 'complete'] }, (callId) => `call ${callId} is with its target`),
);
