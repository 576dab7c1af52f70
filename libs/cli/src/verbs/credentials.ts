import { sipUserListSchema, sipUserViewSchema, type SipUserView } from '@troncal/contracts';
import { z } from 'zod';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { EXIT } from '../exit-codes.js';
import { facts, table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

const TENANT = { type: 'string', demandOption: true, requiresArg: true, describe: 'Tenant' } as const;
const EXTENSION = { type: 'string', demandOption: true, describe: 'The phone’s extension' } as const;

const described = ({ extension, role, username, domain, password, state }: SipUserView): string =>
  facts([['extension', extension], ['role', role], ['SIP user', username], ['domain', domain], ['password', password], ['state', state]]);

export const credentialsList = verb(
  'list',
  'A tenant’s SIP users at Twilio; no passwords',
  (yargs) => yargs.option('tenant', TENANT).option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const { users } = await session.api.ask({ path: path('api', 'environments', environment, 'tenants', args.tenant.toLowerCase(), 'users') }, sipUserListSchema);
    show(session, users, () =>
      table(
        users,
        [
          { title: 'EXTENSION', value: ({ extension }) => extension },
          { title: 'ROLE', value: ({ role }) => role },
          { title: 'SIP USER', value: ({ username }) => username },
          { title: 'LIST', value: ({ list }) => list },
          { title: 'STATE', value: ({ state }) => state },
        ],
        'No phones.',
      ),
    );
    return EXIT.ok;
  },
);

export const credentialsReveal = verb(
  'reveal <extension>',
  'Shows a phone’s password; who saw it is told',
  (yargs) => yargs.positional('extension', EXTENSION).option('tenant', TENANT).option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const view = await session.api.ask({ method: 'POST', path: path('api', 'environments', environment, 'tenants', args.tenant.toLowerCase(), 'users', args.extension, 'reveal') }, sipUserViewSchema);
    show(session, view, () => described(view));
    return EXIT.ok;
  },
);

export const credentialsRotate = verb(
  'rotate <extension>',
  'Gives a phone another password: at once, or in steps so that the phone has it first',
  (yargs) =>
    yargs
      .positional('extension', EXTENSION)
      .option('step', { choices: ['now', 'stage', 'commit', 'undo'] as const, default: 'now' as const, describe: 'stage shows it, commit puts it in force, undo the one before' })
      .option('tenant', TENANT)
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const request = { method: 'POST' as const, path: path('api', 'environments', environment, 'tenants', args.tenant.toLowerCase(), 'users', args.extension, 'rotate'), body: { step: args.step } };
    const { run, ...view } = await session.api.ask(request, sipUserViewSchema.extend({ run: z.string().optional() }));
    if (run === undefined) {
      show(session, view, () => `${described(view)}\nnot in force yet: give it to the phone, then --step commit\n`);
      return EXIT.ok;
    }
    const ended = await followRun(session, run);
    show(session, { ...view, run: ended }, () => `${described(view)}\n${describeRun(ended)}`);
    return exitOf(ended);
  },
);
