import { importViewSchema, type TenantDeclaration } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const tenantsImport = verb(
  'import',
  'Takes over tenants that were made by hand in the account, as they are; shows them unless --write',
  (yargs) =>
    yargs
      .option('write', { type: 'boolean', default: false, describe: 'Write them down; nothing is changed at Twilio' })
      .option('country', { type: 'string', requiresArg: true, describe: 'Of tenants without a number (CL)' })
      .option('time-zone', { type: 'string', requiresArg: true, describe: 'Of all of them (America/Santiago)' })
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const body = { write: args.write, ...(args.country === undefined ? {} : { country: args.country }), ...(args.timeZone === undefined ? {} : { timeZone: args.timeZone }) };
    const view = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'import'), body }, importViewSchema);
    show(session, view, () =>
      [
        table<TenantDeclaration>(
          view.tenants,
          [
            { title: 'TENANT', value: ({ tenant }) => tenant },
            { title: 'NAME', value: ({ name }) => name },
            { title: 'NUMBERS', value: ({ numbers }) => numbers.map(({ e164 }) => e164).join(', ') },
            { title: 'PHONES', value: ({ endpoints }) => endpoints.map(({ role }) => role).join(', ') },
          ],
          'No tenant was found that is not declared already.',
        ),
        ...view.leftOut.map(({ what, why }) => `left out: ${what}: ${why}\n`),
        view.tenants.length === 0 ? '' : view.written ? 'taken over as found; lead their calls here one by one: troncal tenants cut-over TENANT\n' : 'nothing was written; take them over with --write\n',
      ].join(''),
    );
    return EXIT.ok;
  },
);
