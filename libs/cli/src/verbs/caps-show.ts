import { capsViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { facts } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { capsFacts } from './caps-text.js';

export const capsShow = verb(
  'show <tenant>',
  'What the calls of a tenant may cost, and how many there may be',
  (yargs) =>
    yargs
      .positional('tenant', { type: 'string', demandOption: true, describe: 'Its code' })
      .option('environment', { type: 'string', alias: 'env', demandOption: true, requiresArg: true, describe: 'In which environment: dev, prod, …' }),
  async (args, session) => {
    const caps = await session.api.ask({ path: path('api', 'tenants', args.tenant, 'caps'), query: { environment: args.environment } }, capsViewSchema);
    show(session, caps, () => facts(capsFacts(caps)));
    return EXIT.ok;
  },
);
