import { dtmfSchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked } from '../arguments.js';
import { verb } from '../verb.js';

export const callsDtmf = verb(
  'dtmf <id> <digits>',
  'Sends digits to one party',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .positional('digits', { type: 'string', demandOption: true, describe: '0-9, *, # and A-D' })
      .option('to', { choices: ['caller', 'other'] as const, default: 'other' as const, describe: 'Who hears them' })
      .option('masked', { type: 'boolean', default: false, describe: 'A secret: no event shows them' }),
  async (args, session) => {
    const body = checked('the digits', dtmfSchema, { digits: args.digits, to: args.to, masked: args.masked });
    return steerCall(session, args.id, { path: ['dtmf'], body }, (callId) => `digits were sent to ${args.to} of call ${callId}`);
  },
);
