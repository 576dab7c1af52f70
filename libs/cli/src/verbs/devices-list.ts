import { deviceListSchema, type DeviceListView, type DeviceView } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show, type Session } from '../session.js';
import { verb } from '../verb.js';
import { manualText } from './device-text.js';

/** What adding would do, for a table. */
const NEXT: Readonly<Record<DeviceView['next'], string>> = { nothing: '-', add: 'add', 'by-hand': 'by hand' };

/** The telephones that a tenant declares, with what GDMS sees of them. */
export async function devicesOf(session: Session, environment: string, tenant: string): Promise<DeviceListView> {
  return session.api.ask({ path: path('api', 'environments', environment, 'tenants', tenant.toLowerCase(), 'devices') }, deviceListSchema);
}

/** As a table, with what a person has to do. */
export function devicesText({ tenant, devices }: Pick<DeviceListView, 'tenant' | 'devices'>, { style, language }: Session): string {
  const rows = table(
    devices,
    [
      { title: 'EXTENSION', value: ({ extensions }) => extensions.join(', ') },
      { title: 'MAC', value: ({ mac }) => mac },
      { title: 'MODEL', value: ({ model }) => model },
      { title: 'GDMS', value: ({ seen }) => seen, paint: ({ seen }) => (seen === 'online' ? style.good : seen === 'unknown' || seen === 'not-asked' ? style.warn : style.bad) },
      { title: 'TO DO', value: ({ next }) => NEXT[next] },
      { title: 'SAYS', value: ({ says }) => says },
    ],
    'No telephone is declared: write `device: { model, mac, serial }` at its endpoint.',
  );
  return `${rows}${manualText(devices.flatMap(({ manual }) => manual), tenant, language)}`;
}

export const devicesList = verb(
  'list <tenant>',
  'A tenant’s telephones, and what Grandstream’s GDMS sees of them',
  (yargs) => yargs.positional('tenant', { type: 'string', demandOption: true, describe: 'Its code' }).option('env', ENVIRONMENT),
  async (args, session) => {
    const view = await devicesOf(session, await environmentOf(session, args.env), args.tenant);
    show(session, view, () => devicesText(view, session));
    return EXIT.ok;
  },
);
