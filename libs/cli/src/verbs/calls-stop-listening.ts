import { CALL_ID, steerCall } from '../api/steer-call.js';
import { verb } from '../verb.js';

export const callsStopListening = verb(
  'stop-listening <id> <snoop>',
  'Takes a supervisor out of the call',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .positional('snoop', { type: 'string', demandOption: true, describe: 'The id that listen or whisper gave' }),
  (args, session) => steerCall(session, args.id, { method: 'DELETE', path: ['snoop', args.snoop] }, (callId) => `call ${callId} is no longer listened to`),
);
