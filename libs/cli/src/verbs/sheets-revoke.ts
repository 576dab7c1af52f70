import { sheetViewSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const sheetsRevoke = verb(
  'revoke <id>',
  'Makes a link that nobody has used yet good for nothing',
  (yargs) =>
    yargs
      .positional('id', { type: 'string', demandOption: true, describe: 'Its id, from troncal sheets list' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const tenant = session.context.tenant(args.tenant);
    const sheet = await session.api.ask({ method: 'DELETE', path: path('api', 'tenants', tenant, 'sheets', args.id) }, sheetViewSchema);
    const said = sheet.state === 'revoked' ? 'revoked' : `${sheet.state}, so there was nothing to revoke`;
    show(session, sheet, () => `${sheet.id}: ${said}${sheet.state === 'taken' ? '; if it was not your own, rotate the password' : ''}\n`);
    return EXIT.ok;
  },
);
