import { playSchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked } from '../arguments.js';
import { verb } from '../verb.js';

export const callsPlay = verb(
  'play <id>',
  'Plays a sound or recording to everybody in the call',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .option('sound', { type: 'string', requiresArg: true, conflicts: 'recording', describe: 'Sound of the tenant' })
      .option('recording', { type: 'string', requiresArg: true, describe: 'Finished recording of the tenant' }),
  async (args, session) => {
    const body = checked('what to play', playSchema, { sound: args.sound, recording: args.recording });
    return steerCall(session, args.id, { path: ['play'], body }, (callId) => `call ${callId} hears it`);
  },
);
