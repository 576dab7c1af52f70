import { parkSchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked, count } from '../arguments.js';
import { verb } from '../verb.js';

export const callsPark = verb(
  'park <id>',
  'Parks the caller; *85 and the slot take the caller back',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .option('slot', { type: 'string', requiresArg: true, describe: 'Slot of 2 to 4 digits (else the lowest free one)' })
      .option('timeout', { default: 120, requiresArg: true, coerce: count('timeout', 1, 3_600), describe: 'Seconds until the caller is given back' })
      .option('return-to', { type: 'string', requiresArg: true, describe: 'Extension that is rung then' }),
  async (args, session) => {
    const body = checked('the parking', parkSchema, { slot: args.slot, timeoutMs: args.timeout * 1_000, returnTo: args.returnTo });
    return steerCall(session, args.id, { path: ['park'], body }, (callId, { slot }) => `call ${callId} is parked: dial *85${slot}`);
  },
);
