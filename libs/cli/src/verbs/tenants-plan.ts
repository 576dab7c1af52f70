import { planViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { DeclarationFiles } from '../declarations/declaration-files.js';
import { describePlan } from '../declarations/describe-plan.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const tenantsPlan = verb(
  'plan',
  'What applying these declarations would do and cost; nothing is changed',
  (yargs) => yargs.option('file', { alias: 'f', type: 'string', array: true, demandOption: true, describe: 'YAML or JSON file, or - for standard input; may be repeated' }).option('env', ENVIRONMENT),
  async (args, session) => {
    const files = DeclarationFiles.read(args.file);
    const environment = await environmentOf(session, args.env);
    const plan = await session.api
      .ask({ method: 'POST', path: path('api', 'environments', environment, 'plan'), body: { declarations: files.declarations } }, planViewSchema)
      .catch((error: unknown) => Promise.reject(files.placing(error) as Error));
    show(session, plan, () => describePlan(plan));
    return EXIT.ok;
  },
);
