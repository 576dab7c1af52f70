import { CALL_ID, steerCall } from '../api/steer-call.js';
import { verb } from '../verb.js';

export const callsCancelTransfer = verb(
  'cancel-transfer <id>',
  'Calls a warm transfer off',
  (yargs) => yargs.positional('id', CALL_ID),
  (args, session) => steerCall(session, args.id, { path: ['warm-transfer', 'cancel'] }, (callId) => `call ${callId} is back`),
);
