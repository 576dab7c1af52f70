import { runStartedSchema, subaccountListSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const subaccountsList = verb(
  'list',
  'Twilio accounts that tenants of an environment have of their own',
  (yargs) => yargs.option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const { subaccounts } = await session.api.ask({ path: path('api', 'environments', environment, 'subaccounts') }, subaccountListSchema);
    show(session, subaccounts, () =>
      table(
        subaccounts,
        [
          { title: 'TENANT', value: ({ tenant }) => tenant },
          { title: 'NAME', value: ({ name }) => name },
          { title: 'SID', value: ({ sid }) => sid },
          { title: 'SIP DOMAIN', value: ({ domain }) => domain },
          { title: 'STATE', value: ({ state }) => (state === 'held' ? 'held until it is closed' : state) },
        ],
        'No subaccounts. A tenant gets one by its declaration: placement: subaccount',
      ),
    );
    return EXIT.ok;
  },
);

export const subaccountsClose = verb(
  'close <tenant>',
  'Closes the subaccount of a tenant that is gone, for ever; its numbers are released or moved first',
  (yargs) =>
    yargs
      .positional('tenant', { type: 'string', demandOption: true, describe: 'The code that it had' })
      .option('confirm', { type: 'string', demandOption: true, requiresArg: true, describe: 'The name of the subaccount: it never opens again' })
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const { run } = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'subaccounts', args.tenant.toLowerCase(), 'close'), body: { confirm: args.confirm } }, runStartedSchema);
    const view = await followRun(session, run);
    show(session, view, () => describeRun(view));
    return exitOf(view);
  },
);
