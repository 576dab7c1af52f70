import { ownedNumberListSchema, runStartedSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const numbersList = verb(
  'list',
  'Numbers of an environment: owned, waited for, held',
  (yargs) => yargs.option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const { numbers } = await session.api.ask({ path: path('api', 'environments', environment, 'numbers') }, ownedNumberListSchema);
    show(session, numbers, () =>
      table(
        numbers,
        [
          { title: 'NUMBER', value: ({ e164 }) => e164 },
          { title: 'TENANT', value: ({ tenant }) => tenant },
          { title: 'ROUTE', value: ({ route }) => route },
          { title: 'STATE', value: ({ state, releasableAt }) => (releasableAt === null ? state : `${state} until ${releasableAt.slice(0, 10)}`) },
          { title: 'WHY', value: ({ why }) => why },
          { title: 'WHO', value: ({ who }) => who },
        ],
        'No numbers.',
      ),
    );
    return EXIT.ok;
  },
);

export const numbersRelease = verb(
  'release <number>',
  'Gives a held number back to Twilio, for ever',
  (yargs) =>
    yargs
      .positional('number', { type: 'string', demandOption: true, describe: 'E.164' })
      .option('confirm', { type: 'string', demandOption: true, requiresArg: true, describe: 'The number once more: nobody gets one back' })
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const { run } = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'numbers', args.number, 'release'), body: { confirm: args.confirm } }, runStartedSchema);
    const view = await followRun(session, run);
    show(session, view, () => describeRun(view));
    return exitOf(view);
  },
);

export const numbersMove = verb(
  'move <number> <to>',
  'Moves a number to the same tenant in another environment, which answers its calls then',
  (yargs) =>
    yargs.positional('number', { type: 'string', demandOption: true, describe: 'E.164' }).positional('to', { type: 'string', demandOption: true, describe: 'Environment' }).option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const { run } = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'numbers', args.number, 'move'), body: { to: args.to } }, runStartedSchema);
    const view = await followRun(session, run);
    show(session, view, () => describeRun(view));
    return exitOf(view);
  },
);
