import { runStartedSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { usageError } from '../cli-error.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const tenantsDelete = verb(
  'delete <tenants..>',
  'Takes tenants out of an environment in one run; their numbers are kept for a while',
  (yargs) =>
    yargs
      .positional('tenants', { type: 'string', array: true, demandOption: true, describe: 'Their codes' })
      .option('confirm', { type: 'string', requiresArg: true, describe: 'The code once more, or how many they are: their phones fall silent' })
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const tenants = [...new Set(args.tenants.map((code) => code.toLowerCase()))];
    const [first = ''] = tenants;
    const [whose, confirmed] = tenants.length === 1 ? [first, first] : [`${tenants.length} tenants`, String(tenants.length)];
    if (args.confirm?.toLowerCase() !== confirmed) throw usageError(`the phones of ${whose} would fall silent`, tenants.length === 1 ? `Name it once more: --confirm ${confirmed}` : `Say how many: --confirm ${confirmed}`);
    const environment = await environmentOf(session, args.env);
    const { run } = await session.api.ask({ method: 'DELETE', path: path('api', 'environments', environment, 'tenants'), body: { tenants } }, runStartedSchema);
    const view = await followRun(session, run);
    show(session, view, () => describeRun(view));
    return exitOf(view);
  },
);
