import { driftSchema, runStartedSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const envDrift = verb(
  'drift',
  'How the account differs from what is declared, and who changed it; 1 when it does',
  (yargs) => yargs.option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const view = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'drift'), body: {} }, driftSchema);
    show(session, view, () =>
      table(
        view.differences,
        [
          { title: 'TENANT', value: ({ tenant }) => (tenant === '_' ? 'shared' : tenant) },
          { title: 'WOULD BE MENDED BY', value: ({ says }) => says },
          { title: 'CHANGED BY', value: ({ by }) => by },
        ],
        `${environment} is as declared (${view.reads} reads)`,
      ),
    );
    return view.differences.length === 0 ? EXIT.ok : EXIT.failed;
  },
);

export const envRepair = verb(
  'repair',
  'Brings the account back to what is declared',
  (yargs) => yargs.option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const { run } = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'repair'), body: {} }, runStartedSchema);
    const view = await followRun(session, run);
    show(session, view, () => describeRun(view));
    return exitOf(view);
  },
);
