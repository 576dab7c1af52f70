import { CALL_ID, steerCall } from '../api/steer-call.js';
import { verb } from '../verb.js';

export const callsStopPlaying = verb(
  'stop-playing <id>',
  'Ends what is played or said',
  (yargs) => yargs.positional('id', CALL_ID),
  (args, session) => steerCall(session, args.id, { method: 'DELETE', path: ['play'] }, (callId) => `call ${callId} hears it no longer`),
);
