import { spendViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { spendLines } from './caps-text.js';

export const spend = verb(
  'spend <tenant>',
  'What the calls of a tenant have cost today and this month, what is kept for those that run, and what is left',
  (yargs) =>
    yargs
      .positional('tenant', { type: 'string', demandOption: true, describe: 'Its code' })
      .option('environment', { type: 'string', alias: 'env', demandOption: true, requiresArg: true, describe: 'In which environment: dev, prod, …' }),
  async (args, session) => {
    const view = await session.api.ask({ path: path('api', 'tenants', args.tenant, 'spend'), query: { environment: args.environment } }, spendViewSchema);
    show(session, view, () =>
      table(
        spendLines(view),
        [
          { title: 'WHAT', value: (line) => line.what },
          { title: 'USED', value: (line) => line.used, align: 'right' },
          { title: 'KEPT', value: (line) => line.kept, align: 'right' },
          { title: 'CAP', value: (line) => line.cap, align: 'right' },
          { title: 'LEFT', value: (line) => line.left, align: 'right' },
        ],
        '',
      ),
    );
    return EXIT.ok;
  },
);
