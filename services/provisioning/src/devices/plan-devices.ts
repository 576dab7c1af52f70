import type { ManualStep } from '@troncal/contracts';
import type { CloudAccount, CloudDevice } from './device-cloud.js';
import { isGrandstream, type TenantDevice } from './tenant-device.js';

/** What GDMS was found to have of a device. */
export interface DeviceSight {
  readonly device: TenantDevice;
  /** `not-asked` says why. */
  readonly found: CloudDevice | 'absent' | { readonly notAsked: string };
  /** Its SIP accounts; why they are not known otherwise. */
  readonly accounts: readonly CloudAccount[] | { readonly notKnown: string };
}

/** What adding would do about a device. */
export type NextStep = 'nothing' | 'add' | 'by-hand';

/** @param site where its tenant's devices go; undefined: it is not known, and so nothing can be added */
export function nextStep({ device, found }: DeviceSight, site: number | undefined): NextStep {
  if (found !== 'absent') return 'nothing';
  return device.serial !== undefined && site !== undefined && isGrandstream(device) ? 'add' : 'by-hand';
}

/**
 * What is left for a person to do in GDMS's console, as its API can't. Pure. What can't be read (whether a template is assigned) is told until the account that it
 * is assigned for is bound.
 * @param server that its accounts register at @param site where its tenant's devices go
 */
export function manualSteps({ device, found, accounts }: DeviceSight, server: string, site: number | undefined): ManualStep[] {
  const { mac, model, serial, lines } = device;
  if (typeof found === 'object' && 'notAsked' in found) return [];
  const bound = 'notKnown' in accounts ? undefined : new Set(accounts.map(({ username }) => username));
  const unbound = lines.flatMap(({ extension, username }) => (username === undefined || bound?.has(username) === true ? [] : [{ extension, username }]));
  return [
    ...(found === 'absent' && serial === undefined ? [{ do: 'add-device' as const, mac, why: 'no serial number is declared, and GDMS takes none without it' }] : []),
    ...(found === 'absent' && serial !== undefined && site === undefined ? [{ do: 'add-device' as const, mac, why: 'GDMS has no default site, and none is declared' }] : []),
    ...(found !== 'absent' && site !== undefined && found.site.id !== null && found.site.id !== site ? [{ do: 'move-device' as const, mac, from: found.site.name || String(found.site.id), to: String(site) }] : []),
    ...unbound.map(({ extension, username }) => ({ do: 'bind-account' as const, mac, extension, username, server })),
    ...(unbound.length > 0 ? [{ do: 'assign-template' as const, mac, model }] : []),
  ];
}

/** In words. */
export function sayFound({ found, accounts }: DeviceSight): string {
  if (found === 'absent') return 'GDMS does not show it to this account: it is not added, or another account has it.';
  if ('notAsked' in found) return found.notAsked;
  const seen = found.lastSeen === null ? '' : `, last seen ${found.lastSeen} as GDMS writes it`;
  const state = { online: 'Online', offline: 'Offline', abnormal: 'In trouble, as GDMS has it', unknown: 'There, in a state that is not known here' }[found.standing];
  return `${state}${seen}; ${sayAccounts(accounts)}.`;
}

function sayAccounts(accounts: DeviceSight['accounts']): string {
  if ('notKnown' in accounts) return accounts.notKnown;
  if (accounts.length === 0) return 'no SIP account is bound to it';
  return accounts.map(({ username, registration }) => `${username} ${{ registered: 'registered', unregistered: 'not registered', unknown: 'in a state that is not known here' }[registration]}`).join(', ');
}
