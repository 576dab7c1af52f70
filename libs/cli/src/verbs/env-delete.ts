import { runStartedSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const envDelete = verb(
  'delete <name>',
  'Forgets an environment that has neither tenants nor numbers; its SIP domain stays at Twilio',
  (yargs) => yargs.positional('name', { type: 'string', demandOption: true, describe: 'Its name' }),
  async (args, session) => {
    const started = await session.api.ask({ method: 'DELETE', path: path('api', 'environments', args.name) }, runStartedSchema.optional());
    if (started !== undefined) {
      const view = await followRun(session, started.run);
      show(session, view, () => describeRun(view));
      return exitOf(view);
    }
    show(session, { environment: args.name, deleted: true }, () => `environment ${args.name} is gone\n`);
    return EXIT.ok;
  },
);
