import { gdmsAccountViewSchema, gdmsRegionSchema, gdmsSitesSchema, putGdmsAccountSchema, type GdmsAccountView, type GdmsSitesView } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { checked, textIn } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT } from '../exit-codes.js';
import { facts } from '../output/table.js';
import { show, type Session } from '../session.js';
import { verb } from '../verb.js';

const ID = { type: 'number', requiresArg: true } as const;

/** From a file or a variable: what stands in a command line is read by everybody on the machine. */
function secretOf(what: string, file: string | undefined, variable: string, { terminal }: Session): string {
  const given = terminal.env[variable];
  if (file === undefined && given !== undefined && given !== '') return given;
  if (file === undefined) throw usageError(`the ${what} is missing`, `Put it into a file and name that, or into ${variable}.`);
  return textIn(file, `Name a file that holds the ${what} and nothing else.`).trim();
}

export const devicesConnect = verb(
  'connect',
  'Names the account at Grandstream’s GDMS that an environment’s telephones are in, and asks GDMS whether it lets it in',
  (yargs) =>
    yargs
      .option('api-id', { type: 'string', demandOption: true, requiresArg: true, describe: 'API ID, of API Developer in GDMS’s console' })
      .option('username', { type: 'string', demandOption: true, requiresArg: true, describe: 'User name at GDMS, not the mail address' })
      .option('secret-key-file', { type: 'string', requiresArg: true, describe: 'File that holds the Secret Key, - for standard input (else GDMS_SECRET_KEY)' })
      .option('password-file', { type: 'string', requiresArg: true, describe: 'File that holds the password (else GDMS_PASSWORD)' })
      .option('region', { choices: gdmsRegionSchema.options, default: gdmsRegionSchema.enum.us, describe: 'Where GDMS keeps the account' })
      .option('organization', { ...ID, describe: 'Id of the organization; the account’s default' })
      .option('site', { ...ID, describe: 'Id of the site that telephones are added to; the default one' })
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const { region, apiId, username, organization, site } = args;
    const secrets = { secretKey: secretOf('Secret Key', args.secretKeyFile, 'GDMS_SECRET_KEY', session), password: secretOf('password', args.passwordFile, 'GDMS_PASSWORD', session) };
    const body = checked('the account', putGdmsAccountSchema, { region, apiId, username, ...secrets, ...(organization === undefined ? {} : { organization }), ...(site === undefined ? {} : { site }) });
    const at = path('api', 'environments', await environmentOf(session, args.env), 'gdms');
    const account = await session.api.ask({ method: 'PUT', path: at, body }, gdmsAccountViewSchema);
    const { sites } = await session.api.ask({ path: `${at}/sites` }, gdmsSitesSchema);
    show(session, { account, sites }, () => text(account, sites));
    return EXIT.ok;
  },
);

function text({ environment, region, username, organization, site }: GdmsAccountView, sites: GdmsSitesView['sites']): string {
  const used = sites.find(({ id, isDefault }) => (site === null ? isDefault : id === site));
  return facts([
    ['environment', environment],
    ['account', `${username} (${region}), let in`],
    ['organization', organization ?? 'the account’s default'],
    ['site', used === undefined ? 'none that is known: name one with --site' : `${used.name} (${String(used.id)})`],
    ['sites', sites.map(({ id, name }) => `${name} (${String(id)})`).join(', ')],
  ]);
}

export const devicesDisconnect = verb(
  'disconnect',
  'Forgets an environment’s account at GDMS; the telephones stay in it',
  (yargs) => yargs.option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    await session.api.tell({ method: 'DELETE', path: path('api', 'environments', environment, 'gdms') });
    show(session, { environment, account: null }, () => `${environment} has no account at GDMS any more\n`);
    return EXIT.ok;
  },
);
