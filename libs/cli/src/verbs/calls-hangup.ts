import { path } from '../api/api-client.js';
import { resolveCall } from '../api/resolve-call.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const callsHangup = verb(
  'hangup <id>',
  'Ends a call',
  (yargs) =>
    yargs
      .positional('id', { type: 'string', demandOption: true, describe: 'Call id, its beginning (4 or more characters), or “last”' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the timeline' }),
  async (args, session) => {
    const callId = await resolveCall(session.api, args.id);
    await session.api.tell({ method: 'POST', path: path('api', 'calls', callId, 'hangup'), body: args.reason === undefined ? {} : { reason: args.reason } });
    show(session, { callId, hangup: true }, () => `call ${callId} is being ended\n`);
    return EXIT.ok;
  },
);
