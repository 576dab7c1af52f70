import { PermanentError } from '@troncal/kernel';
import { performAddress } from './address-list/perform-address.js';
import { addressListKey } from './address-list/address-list.js';
import type { ObservedAccount } from './observed-account.js';
import { DOMAIN_KEY, listKey, type Action, type SubaccountAction } from './step.js';
import type { TwilioAccount } from './twilio-account.js';

/** The password of a SIP user: written down before it is sent, the same each time it is asked for. */
export type PasswordOf = (list: string, username: string) => Promise<string>;

/** Identifiers of what is there or was made by a plan, by the keys that its steps have in one account. */
export class Sids {
  private readonly known: Map<string, string>;

  constructor({ domain, lists, addresses }: Pick<ObservedAccount, 'domain' | 'lists' | 'addresses'>) {
    this.known = new Map(lists.map(({ name, sid }) => [listKey(name), sid]));
    if (domain !== undefined) this.known.set(DOMAIN_KEY, domain.sid);
    if (addresses?.list !== undefined) this.known.set(addressListKey(addresses.list.name), addresses.list.sid);
  }

  set(key: string, sid: string): void {
    this.known.set(key, sid);
  }

  /** @throws PermanentError `plan_outdated` */
  of(key: string): string {
    const sid = this.known.get(key);
    if (sid === undefined) throw new PermanentError('plan_outdated', `${key} is neither there nor made by this plan.`, { remedy: 'Read the account and plan again.' });
    return sid;
  }
}

/** Makes one change in an account. @throws as TwilioAccount; PermanentError `plan_outdated` */
export async function performAction(action: Exclude<Action, SubaccountAction>, { account, passwordOf, sids }: { readonly account: TwilioAccount; readonly passwordOf: PasswordOf; readonly sids: Sids }): Promise<void> {
  const list = (name: string): string => sids.of(listKey(name));
  switch (action.do) {
    case 'create-domain':
      return sids.set(DOMAIN_KEY, await account.createDomain(action.domain));
    case 'change-domain':
      return account.changeDomain(action.sid, action.changes);
    case 'create-list':
      return sids.set(listKey(action.list), await account.createList(action.list));
    case 'create-user':
      return account.createUser(list(action.list), action.username, await passwordOf(action.list, action.username));
    case 'set-password':
      return account.setPassword(list(action.list), action.sid, await passwordOf(action.list, action.username));
    case 'map-list':
      return account.mapList(sids.of(DOMAIN_KEY), list(action.list), action.way);
    case 'buy-number':
      return account.buyNumber(action.number);
    case 'move-number':
      return account.moveNumber(action.from, action.sid, action.number);
    case 'change-number':
      return account.changeNumber(action.sid, action.changes);
    case 'remove-user':
      return account.removeUser(list(action.list), action.sid);
    case 'unmap-list':
      return account.unmapList(sids.of(DOMAIN_KEY), list(action.list), action.way);
    case 'remove-list':
      return account.removeList(list(action.list));
    case 'release-number':
      return account.releaseNumber(action.sid);
    case 'permit-countries':
      return account.permitCountries(action);
    case 'create-trigger':
    case 'change-trigger':
    case 'remove-trigger':
      return account.triggers.perform(action);
    case 'create-address-list':
    case 'add-address':
    case 'change-address':
    case 'remove-address':
    case 'map-address-list':
    case 'unmap-address-list':
    case 'remove-address-list':
      return performAddress(account.addresses, action, sids);
  }
}
