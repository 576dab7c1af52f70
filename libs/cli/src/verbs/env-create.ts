import { environmentViewSchema, placementSchema, putEnvironmentSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { checked } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { usageTriggersOf } from './env-guards.js';

export const envCreate = verb(
  'create <name>',
  'Makes an environment, or changes one; its SIP domain never changes',
  (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'dev, prod, …' })
      .option('domain', { type: 'string', demandOption: true, requiresArg: true, describe: 'NAME.sip.twilio.com, unique over all of Twilio' })
      .option('public-url', { type: 'string', demandOption: true, requiresArg: true, describe: 'Where Twilio reaches this Troncal' })
      .option('fallback-url', { type: 'string', requiresArg: true, describe: 'Asked when that does not answer' })
      .option('list-name', { type: 'string', requiresArg: true, describe: 'How credential lists are called; {CODE}_Credentials' })
      .option('user-name', { type: 'string', requiresArg: true, describe: 'How SIP users are called; {number}-{role}' })
      .option('account-name', { type: 'string', requiresArg: true, describe: 'How subaccounts are called; {environment}-{code}' })
      .option('placement', { choices: placementSchema.options, describe: 'A credential list for each tenant, shared ones, or a Twilio subaccount for each' })
      .option('repair', { choices: ['on-request', 'automatic'] as const, describe: 'What becomes of drift' })
      .option('dialing-permissions', { choices: ['add', 'exact'] as const, describe: 'exact: the account may call no country that no tenant declares' })
      .option('allow-from', { type: 'string', array: true, requiresArg: true, describe: 'Calls into the SIP domain pass only from this address or network, 203.0.113.0/24; may be repeated' })
      .option('usage-trigger', { type: 'string', array: true, requiresArg: true, describe: 'Tells when the account has used so much: daily-spend=50/day, calls=5000/month:calls-outbound:count; may be repeated' })
      .option('enhanced-sip', { type: 'boolean', describe: 'The account rings several phones at once' })
      .option('edge', { type: 'string', requiresArg: true, describe: 'HOST[:PORT][/tls|tcp|udp] where Twilio reaches our Asterisk; tls unless told' })
      .option('secure', { type: 'boolean', describe: 'Phones have to use TLS and SRTP' }),
  async (args, session) => {
    const naming = { ...(args.listName === undefined ? {} : { list: args.listName }), ...(args.userName === undefined ? {} : { user: args.userName }), ...(args.accountName === undefined ? {} : { account: args.accountName }) };
    const { domain, publicUrl, fallbackUrl, placement, repair, dialingPermissions, enhancedSip, secure } = args;
    const guards = { allowedAddresses: args.allowFrom, usageTriggers: usageTriggersOf(args.usageTrigger) };
    const body = { domain, publicUrl, naming, ...given({ fallbackUrl, placement, repair, dialingPermissions, enhancedSip, secure, ...guards }), ...(args.edge === undefined ? {} : { edge: edgeIn(args.edge) }) };
    checked('the environment', putEnvironmentSchema, body);
    const view = await session.api.ask({ method: 'PUT', path: path('api', 'environments', args.name), body }, environmentViewSchema);
    show(session, view, () => `environment ${view.name} has the SIP domain ${view.domain}, and Twilio reaches it at ${view.publicUrl}\n`);
    return EXIT.ok;
  },
);

const given = (options: Readonly<Record<string, unknown>>): object => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** `sip.example.com:5061/tls`, as far as it can be told apart; whether it is an address the schema says. */
function edgeIn(text: string): Readonly<Record<string, unknown>> {
  const [address = '', transport] = text.split('/');
  const [host, port] = address.split(':');
  return { host, ...given({ port: port === undefined ? undefined : Number(port), transport }) };
}
