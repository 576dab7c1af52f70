import type { GdmsPlace, TenantDeclaration } from '@troncal/contracts';
import { makerOf } from '@troncal/device-sheets';
import type { SipUser } from '../sip-users/sip-user.js';
import type { CloudPlace } from './device-cloud.js';

/** A telephone of a tenant, with the endpoints that are its lines. */
export interface TenantDevice {
  readonly mac: string;
  readonly model: string;
  readonly serial: string | undefined;
  readonly lines: readonly { readonly extension: string; readonly username: string | undefined }[];
}

/** The telephones that a tenant declares, in order of their first line. */
export function devicesOf({ endpoints }: Pick<TenantDeclaration, 'endpoints'>, users: readonly Pick<SipUser, 'extension' | 'username'>[]): TenantDevice[] {
  const declared = endpoints.flatMap(({ extension, device }) => (device === undefined ? [] : [{ device, line: { extension, username: users.find((user) => user.extension === extension)?.username } }]));
  return [...Map.groupBy(declared, ({ device }) => device.mac).values()].flatMap((all) => {
    const [first] = all;
    return first === undefined ? [] : [{ mac: first.device.mac, model: first.device.model, serial: first.device.serial, lines: all.map(({ line }) => line) }];
  });
}

/** Whether it is one that GDMS manages. */
export const isGrandstream = ({ model }: Pick<TenantDevice, 'model'>): boolean => makerOf(model) === 'grandstream';

/** Where a tenant's devices are: what it declares, else what the account says. */
export const placeOf = (declared: GdmsPlace | undefined, account: CloudPlace): CloudPlace => ({ organization: declared?.organization ?? account.organization, site: declared?.site ?? account.site });
