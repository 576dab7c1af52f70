import { callWithTimelineSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { resolveCall } from '../api/resolve-call.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { describeCall } from '../timeline/describe-call.js';
import { verb } from '../verb.js';

export const callsShow = verb(
  'show <id>',
  'One call with its timeline and transcript',
  (yargs) => yargs.positional('id', { type: 'string', demandOption: true, describe: 'Call id, its beginning (4 or more characters), or “last”' }),
  async (args, session) => {
    const call = await session.api.ask({ path: path('api', 'calls', await resolveCall(session.api, args.id)) }, callWithTimelineSchema);
    show(session, call, () => describeCall(call, session.language, session.style));
    return EXIT.ok;
  },
);
