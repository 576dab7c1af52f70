import { callPageSchema } from '@troncal/contracts';
import { maskNumber } from '@troncal/kernel';
import { listAll } from '../api/page.js';
import { count } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { dateAndTime, duration } from '../output/durations.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

const sinceAnswer = (call: { answeredAt: string | null; endedAt: string | null }): string | null =>
  call.answeredAt === null ? null : duration((call.endedAt === null ? Date.now() : Date.parse(call.endedAt)) - Date.parse(call.answeredAt));

export const callsList = verb(
  'list',
  'Calls, the newest first',
  (yargs) =>
    yargs
      .option('live', { type: 'boolean', default: false, describe: 'Only calls in progress' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Only calls of this tenant' })
      .option('limit', { default: 20, requiresArg: true, coerce: count('limit', 1, 10_000), describe: 'At most so many' }),
  async (args, session) => {
    const calls = await listAll(
      session.api,
      { path: '/api/calls', query: { ...(args.live && { live: true }), tenant: args.tenant } },
      callPageSchema,
      (page) => page.calls,
      args.limit,
    );
    show(session, calls, () =>
      table(
        calls,
        [
          { title: 'CALL', value: (call) => call.callId },
          { title: 'TENANT', value: (call) => call.tenant },
          { title: 'STARTED', value: (call) => dateAndTime(call.startedAt) },
          { title: 'FROM', value: (call) => maskNumber(call.from) },
          { title: 'TO', value: (call) => maskNumber(call.to) },
          { title: 'RAIL', value: (call) => call.rail },
          { title: 'STATE', value: (call) => call.disposition ?? call.state },
          { title: 'AT', value: (call) => call.at },
          { title: 'TALKED', value: sinceAnswer, align: 'right' },
        ],
        args.live ? 'No call in progress.' : 'No calls yet. Make one: npm run call',
      ),
    );
    return EXIT.ok;
  },
);
