import { DOMAIN_KEY } from '../step.js';
import { addressListKey, type AddressAction } from './address-list.js';
import type { AddressLists } from './address-lists.js';

/** Identifiers by the keys of steps. */
interface KnownSids {
  of(key: string): string;
  set(key: string, sid: string): void;
}

/** Makes one change. @throws PermanentError `plan_outdated` when what it needs is neither there nor made */
export async function performAddress(lists: AddressLists, action: AddressAction, sids: KnownSids): Promise<void> {
  const key = addressListKey(action.list);
  switch (action.do) {
    case 'create-address-list':
      return sids.set(key, await lists.create(action.list));
    case 'add-address':
      return lists.add(sids.of(key), action.address);
    case 'change-address':
      return lists.change(sids.of(key), action.sid, action.address);
    case 'remove-address':
      return lists.take(sids.of(key), action.sid);
    case 'map-address-list':
      return lists.map(sids.of(DOMAIN_KEY), sids.of(key));
    case 'unmap-address-list':
      return lists.unmap(sids.of(DOMAIN_KEY), sids.of(key));
    case 'remove-address-list':
      return lists.remove(sids.of(key));
  }
}
