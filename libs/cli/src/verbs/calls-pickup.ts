import { pickupSchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked, count } from '../arguments.js';
import { verb } from '../verb.js';

export const callsPickup = verb(
  'pickup <id> <extension>',
  'Rings a phone that takes the parked caller',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .positional('extension', { type: 'string', demandOption: true, describe: 'Whose phone' })
      .option('timeout', { default: 25, requiresArg: true, coerce: count('timeout', 1, 120), describe: 'Seconds to let it ring' }),
  async (args, session) => {
    const body = checked('the pickup', pickupSchema, { extension: args.extension, timeoutMs: args.timeout * 1_000 });
    return steerCall(session, args.id, { path: ['pickup'], body }, (callId) => `${args.extension} rings for call ${callId}`);
  },
);
