import { writeFileSync } from 'node:fs';
import { issuedSheetsSchema, issueSheetsSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { checked, count, pairs } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { json } from '../output/json.js';
import { show } from '../session.js';
import { linksText, wholeLinks } from './sheets-text.js';
import { verb } from '../verb.js';

export const sheetsIssue = verb(
  'issue [tenant]',
  'Makes one-time links to the settings of a tenant’s telephones; they are shown once',
  (yargs) =>
    yargs
      .positional('tenant', { type: 'string', describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' })
      .option('environment', { alias: 'env', type: 'string', default: 'asterisk', requiresArg: true, describe: 'Where its telephony stands; asterisk is our own' })
      .option('endpoint', { type: 'string', array: true, describe: 'Extension; may be repeated (else all)' })
      .option('kind', { type: 'string', array: true, default: ['html'], describe: 'grandstream, grandstream-ht, yealink, microsip, linphone, zoiper, groundwire, text, html or csv; may be repeated' })
      .option('ttl-minutes', { type: 'string', default: '1440', requiresArg: true, coerce: count('ttl-minutes', 5, 10_080), describe: 'How long the links may be used' })
      .option('mac', { type: 'string', array: true, default: [] as string[], describe: 'EXTENSION=MAC: names the file that a Grandstream or Yealink asks for; may be repeated' })
      .option('links-file', { type: 'string', requiresArg: true, describe: 'Write the links there (JSON, mode 0600) instead of showing them' }),
  async (args, session) => {
    const tenant = session.context.tenant(args.tenant);
    const macs = pairs('mac', args.mac);
    const body = checked('the request', issueSheetsSchema, {
      environment: args.environment,
      kinds: args.kind,
      ttlMinutes: args.ttlMinutes,
      ...(args.endpoint && { endpoints: args.endpoint }),
      ...(args.mac.length > 0 && { macs }),
    });
    const { sheets } = await session.api.ask({ method: 'POST', path: path('api', 'tenants', tenant, 'sheets'), body }, issuedSheetsSchema);
    const whole = wholeLinks(session, tenant, sheets);
    if (args.linksFile === undefined) show(session, whole, () => linksText(whole));
    else {
      // 'wx': an existing file would keep its own mode, and might be read by others.
      writeFileSync(args.linksFile, json(whole), { mode: 0o600, flag: 'wx' });
      show(session, { links: whole.length, file: args.linksFile }, () => `${String(whole.length)} links are in ${String(args.linksFile)}\n`);
    }
    return EXIT.ok;
  },
);
