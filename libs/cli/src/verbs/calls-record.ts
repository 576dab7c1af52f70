import { startRecordingSchema } from '@troncal/contracts';
import { CALL_ID, steerCall, type Steering } from '../api/steer-call.js';
import { checked } from '../arguments.js';
import { verb } from '../verb.js';

const DONE = { start: 'is recorded', stop: 'is no longer recorded', pause: 'has its recording paused: it holds silence', resume: 'is recorded again' } as const;

export const callsRecord = verb(
  'record <id> <what>',
  'Begins, pauses, resumes and ends a recording',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .positional('what', { choices: ['start', 'stop', 'pause', 'resume'] as const, demandOption: true, describe: 'What to do' })
      .option('stereo', { type: 'boolean', default: false, describe: 'The caller on the left, what the caller hears on the right' })
      .option('announce', { type: 'boolean', default: false, describe: 'Say so to everybody first' }),
  async (args, session) => {
    const steering: Record<typeof args.what, Steering> = {
      start: { path: ['recording'], body: checked('the recording', startRecordingSchema, { announce: args.announce, channels: args.stereo ? 'stereo' : 'mono' }) },
      stop: { method: 'DELETE', path: ['recording'] },
      pause: { path: ['recording', 'pause'] },
      resume: { path: ['recording', 'resume'] },
    };
    return steerCall(session, args.id, steering[args.what], (callId) => `call ${callId} ${DONE[args.what]}`);
  },
);
