import { tenantPageSchema } from '@troncal/contracts';
import { listAll } from '../api/page.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const tenantsList = verb(
  'list',
  'All tenants, by code',
  (yargs) => yargs,
  async (_args, session) => {
    const tenants = await listAll(session.api, { path: '/api/tenants' }, tenantPageSchema, (page) => page.tenants);
    show(session, tenants, () =>
      table(
        tenants,
        [
          { title: 'CODE', value: (tenant) => tenant.code },
          { title: 'NAME', value: (tenant) => tenant.name },
          { title: 'COUNTRY', value: (tenant) => tenant.country },
          { title: 'LANGUAGE', value: (tenant) => tenant.language },
          { title: 'TIME ZONE', value: (tenant) => tenant.timeZone },
          { title: 'STATE', value: (tenant) => (tenant.suspended === null ? 'active' : `suspended: ${tenant.suspended.reason}`) },
        ],
        'No tenants yet. Create one: POST /api/tenants',
      ),
    );
    return EXIT.ok;
  },
);
