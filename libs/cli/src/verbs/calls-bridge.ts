import { CALL_ID, steerCall } from '../api/steer-call.js';
import { resolveCall } from '../api/resolve-call.js';
import { verb } from '../verb.js';

export const callsBridge = verb(
  'bridge <id> <other>',
  'Puts two callers together; whoever they talked with is let go',
  (yargs) => yargs.positional('id', CALL_ID).positional('other', { ...CALL_ID, describe: 'The other call, named in the same way' }),
  async (args, session) => {
    const other = await resolveCall(session.api, args.other);
    return steerCall(session, args.id, { path: ['bridge'], body: { with: other } }, (callId) => `call ${callId} and call ${other} are put together`);
  },
);
