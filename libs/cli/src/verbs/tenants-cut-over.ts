import { runStartedSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

const BACK = { type: 'boolean', default: false, describe: 'Back to how it was found' } as const;

export const tenantsCutOver = verb(
  'cut-over <tenant>',
  'Leads the calls of a tenant that was taken over to us; --back leads them where they went before',
  (yargs) => yargs.positional('tenant', { type: 'string', demandOption: true, describe: 'Its code' }).option('back', BACK).option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const { run } = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'tenants', args.tenant.toLowerCase(), 'cut-over'), body: { back: args.back } }, runStartedSchema);
    const view = await followRun(session, run);
    show(session, view, () => describeRun(view));
    return exitOf(view);
  },
);

export const envCutOver = verb(
  'cut-over <name>',
  'Leads the calls of all phones of an environment’s SIP domain, which was taken over, to us; --back as before',
  (yargs) => yargs.positional('name', { type: 'string', demandOption: true, describe: 'Its name' }).option('back', BACK),
  async (args, session) => {
    const { run } = await session.api.ask({ method: 'POST', path: path('api', 'environments', args.name, 'cut-over'), body: { back: args.back } }, runStartedSchema);
    const view = await followRun(session, run);
    show(session, view, () => describeRun(view));
    return exitOf(view);
  },
);
