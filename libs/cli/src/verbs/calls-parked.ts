import { parkedPageSchema } from '@troncal/contracts';
import { maskNumber } from '@troncal/kernel';
import { EXIT } from '../exit-codes.js';
import { timeOfDay } from '../output/durations.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const callsParked = verb(
  'parked',
  'Callers who are parked, with their slots',
  (yargs) => yargs.option('tenant', { type: 'string', requiresArg: true, describe: 'Only callers of this tenant' }),
  async (args, session) => {
    const { parked } = await session.api.ask({ path: '/api/calls/parked', query: { tenant: args.tenant } }, parkedPageSchema);
    show(session, parked, () =>
      table(
        parked,
        [
          { title: 'DIAL', value: ({ slot }) => `*85${slot}` },
          { title: 'CALL', value: ({ callId }) => callId },
          { title: 'FROM', value: ({ from }) => maskNumber(from) },
          { title: 'TENANT', value: ({ tenant }) => tenant },
          { title: 'UNTIL', value: ({ until }) => timeOfDay(until) },
          { title: 'THEN', value: ({ returnTo }) => returnTo ?? 'its route' },
        ],
        'Nobody is parked.',
      ),
    );
    return EXIT.ok;
  },
);
