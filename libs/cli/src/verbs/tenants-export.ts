import { declaredTenantListSchema, declaredTenantSchema, type TenantDeclaration } from '@troncal/contracts';
import { stringify } from 'yaml';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const tenantsExport = verb(
  'export [tenants..]',
  'Declarations as a file that can be applied again; all of the environment unless named',
  (yargs) => yargs.positional('tenants', { type: 'string', array: true, describe: 'Codes' }).option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const at = path('api', 'environments', environment, 'tenants');
    const named = args.tenants ?? [];
    const codes = named.length > 0 ? named.map((code) => code.toLowerCase()) : (await session.api.ask({ path: at }, declaredTenantListSchema)).tenants.map(({ tenant }) => tenant);
    const tenants: TenantDeclaration[] = [];
    for (const code of codes) tenants.push((await session.api.ask({ path: `${at}${path(code)}` }, declaredTenantSchema)).declaration);
    show(session, { tenants }, () => stringify({ tenants }, { lineWidth: 160 }));
    return EXIT.ok;
  },
);
