import { transferSchema } from '@troncal/contracts';
import { CALL_ID, steerCall } from '../api/steer-call.js';
import { checked, count } from '../arguments.js';
import { verb } from '../verb.js';

export const callsTransfer = verb(
  'transfer <id>',
  'Sends the caller on',
  (yargs) =>
    yargs
      .positional('id', CALL_ID)
      .option('extension', { type: 'string', requiresArg: true, describe: 'Phone of the tenant' })
      .option('number', { type: 'string', requiresArg: true, describe: 'Number outside' })
      .option('queue', { type: 'string', requiresArg: true, describe: 'Queue of people' })
      .option('route', { type: 'string', requiresArg: true, describe: 'Route of the tenant' })
      .option('agent', { type: 'string', requiresArg: true, describe: 'AI agent' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the timeline' })
      .option('timeout', { default: 25, requiresArg: true, coerce: count('timeout', 1, 120), describe: 'Seconds to let it ring' })
      .option('end', { type: 'boolean', default: false, describe: 'End the call when nobody answers (else it comes back)' }),
  async (args, session) => {
    const body = checked('the transfer', transferSchema, {
      extension: args.extension, number: args.number, queue: args.queue, route: args.route, agent: args.agent, reason: args.reason, timeoutMs: args.timeout * 1_000,
      onNoAnswer: args.end ? 'end' : 'return',
    });
    return steerCall(session, args.id, { path: ['transfer'], body }, (callId) => `call ${callId} is sent on`);
  },
);
