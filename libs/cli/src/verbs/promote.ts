import { planViewSchema, runStartedSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { describePlan } from '../declarations/describe-plan.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const promote = verb(
  'promote <from> <to>',
  'Carries a tenant’s routes from one environment to another, never its credentials; shows the plan unless --apply',
  (yargs) =>
    yargs
      .positional('from', { type: 'string', demandOption: true, describe: 'Environment' })
      .positional('to', { type: 'string', demandOption: true, describe: 'Environment' })
      .option('tenant', { type: 'string', demandOption: true, requiresArg: true, describe: 'Tenant' })
      .option('apply', { type: 'boolean', default: false, describe: 'Do it' }),
  async (args, session) => {
    const request = (apply: boolean) => ({ method: 'POST' as const, path: path('api', 'environments', args.from, 'promote'), body: { to: args.to, tenant: args.tenant, apply } });
    if (!args.apply) {
      const plan = await session.api.ask(request(false), planViewSchema);
      show(session, plan, () => describePlan(plan));
      return EXIT.ok;
    }
    const { run } = await session.api.ask(request(true), runStartedSchema);
    const view = await followRun(session, run);
    show(session, view, () => describeRun(view));
    return exitOf(view);
  },
);
