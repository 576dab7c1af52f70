import { warmTransferSchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked, count } from '../arguments.js';
import { verb } from '../verb.js';

export const callsWarmTransfer = verb(
  'warm-transfer <id>',
  'Speaks to a target first; the caller hears music',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .option('extension', { type: 'string', requiresArg: true, conflicts: 'number', describe: 'Phone of the tenant' })
      .option('number', { type: 'string', requiresArg: true, describe: 'Number outside' })
      .option('briefing', { type: 'string', requiresArg: true, describe: 'Said to the target when it answers' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the timeline' })
      .option('timeout', { default: 25, requiresArg: true, coerce: count('timeout', 1, 120), describe: 'Seconds to let it ring' }),
  async (args, session) => {
    const body = checked('the transfer', warmTransferSchema, { extension: args.extension, number: args.number, briefing: args.briefing, reason: args.reason, timeoutMs: args.timeout * 1_000 });
    return steerCall(session, args.id, { path: ['warm-transfer'], body }, (callId) => `the target rings for call ${callId}; then: troncal calls complete-transfer, or cancel-transfer`);
  },
);
