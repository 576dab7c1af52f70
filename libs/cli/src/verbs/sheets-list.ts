import { sheetListSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const sheetsList = verb(
  'list [tenant]',
  'The links that were made, and what became of them; never the links themselves',
  (yargs) => yargs.positional('tenant', { type: 'string', describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const tenant = session.context.tenant(args.tenant);
    const { sheets } = await session.api.ask({ path: path('api', 'tenants', tenant, 'sheets') }, sheetListSchema);
    show(session, sheets, () =>
      table(
        sheets,
        [
          { title: 'ID', value: ({ id }) => id },
          { title: 'KIND', value: ({ kind }) => kind },
          { title: 'EXTENSION', value: ({ extensions }) => (extensions.length > 3 ? `${String(extensions.length)} of them` : extensions.join(', ')) },
          { title: 'ENVIRONMENT', value: ({ environment }) => environment },
          { title: 'STATE', value: ({ state }) => state },
          { title: 'TAKEN', value: ({ taken }) => (taken ? `${taken.at.slice(0, 16).replace('T', ' ')} by ${taken.from}` : '') },
          { title: 'MADE BY', value: ({ issuedBy }) => issuedBy },
        ],
        `No sheets yet. Make them: troncal sheets issue ${tenant}`,
      ),
    );
    return EXIT.ok;
  },
);
