import type { ObservedAccount } from './observed-account.js';
import type { Action } from './step.js';

/** Who changed something, as Twilio's Monitor tells. */
export interface ChangeAuthor {
  readonly actor: string;
  /** `web`, `api`, … */
  readonly source: string;
  readonly ip: string;
  readonly at: Date;
}

/** In a line: `USe0… (web) from 203.0.113.7 on 2026-11-30 14:02`. */
export const describeAuthor = ({ actor, source, ip, at }: ChangeAuthor): string => `${actor} (${source}) from ${ip} on ${at.toISOString().slice(0, 16).replace('T', ' ')}`;

/**
 * What Twilio's events name where this step would change something back. Users and mappings have no events of their own: their changes are their list's. Undefined where the thing
 * itself is gone, whose identifier nobody knows any more.
 */
export function resourceOf(action: Action, { domain, lists, addresses }: Pick<ObservedAccount, 'domain' | 'lists' | 'addresses'>): string | undefined {
  const sidOfList = (name: string): string | undefined => lists.find((list) => list.name === name)?.sid;
  switch (action.do) {
    case 'create-user':
    case 'set-password':
    case 'remove-user':
    case 'remove-list':
      return sidOfList(action.list);
    case 'map-list':
    case 'unmap-list':
    case 'map-address-list':
    case 'unmap-address-list':
      return domain?.sid;
    case 'add-address':
    case 'change-address':
    case 'remove-address':
    case 'remove-address-list':
      return addresses?.list?.sid;
    case 'change-domain':
    case 'set-status':
    case 'change-number':
    case 'release-number':
    case 'change-trigger':
    case 'remove-trigger':
      return action.sid;
    case 'create-domain':
    case 'create-list':
    case 'buy-number':
    case 'move-number':
    case 'open-account':
    case 'permit-countries':
    case 'create-trigger':
    case 'create-address-list':
      return undefined;
  }
}
