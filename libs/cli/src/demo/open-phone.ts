import type { StackState } from '@troncal/contracts';
import type { Account } from './accounts.js';
import type { Phone } from './phone.js';

export function openPhone(account: Account, sip: NonNullable<StackState['sip']>): Promise<Phone> {
  return Promise.reject(new Error(`${account.extension} ${sip.port}`));
}
