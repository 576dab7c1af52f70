import { z } from 'zod';
import { friendlyName, readForm } from '../wire/form.js';
import { pageOf, rfc2822 } from '../wire/page.js';
import { ACCOUNT, created, ok, type Asked, type Route } from '../wire/router.js';
import { TwilioError } from '../wire/twilio-error.js';
import { newIdentity, type Account } from './account.js';

const ACCOUNTS = 'api.twilio.com/2010-04-01/Accounts.json';
const newAccount = z.strictObject({ FriendlyName: friendlyName().optional() });
const changedAccount = z.strictObject({ FriendlyName: friendlyName().optional(), Status: z.enum(['active', 'suspended', 'closed']).optional() });

/**
 * An account and its subaccounts. Names may be given twice. Closing one is for ever, and takes its numbers with it; a suspended one may be read. A new one isn't listed until
 * reads have caught up with writes.
 */
export const accountRoutes: readonly Route[] = [
  { method: 'POST', template: ACCOUNTS, handle: (asked) => created(view(open(asked))) },
  {
    method: 'GET',
    template: ACCOUNTS,
    handle: ({ world, account, path, query }) => {
      const [named, status] = [query.get('FriendlyName'), query.get('Status')];
      const all = [account, ...world.under(account).filter((each) => world.isSeen(each))].filter((each) => (named === null || each.identity.friendlyName === named) && (status === null || each.status === status));
      return ok(pageOf('accounts', path, query, all, view));
    },
  },
  { method: 'GET', template: `${ACCOUNT}.json`, handle: (asked) => ok(view(asked.account)) },
  { method: 'POST', template: `${ACCOUNT}.json`, handle: (asked) => ok(view(change(asked))) },
];

function open({ world, account, form }: Asked): Account {
  const { FriendlyName } = readForm(newAccount, form, 20001);
  if (account.parent !== null) throw new TwilioError(400, 21101, 'Subaccounts cannot contain subaccounts');
  if (world.under(account).length >= (account.type === 'Trial' ? 1 : world.limits.subaccounts)) throw new TwilioError(400, 21480, 'Reached maximum number of subaccounts');
  const made = world.open(newIdentity(FriendlyName ?? 'SubAccount'), account);
  account.tell('account.created', made.sid, { friendly_name: made.identity.friendlyName });
  return made;
}

function change({ account, form }: Asked): Account {
  const { FriendlyName, Status } = readForm(changedAccount, form, 20001);
  if (account.status === 'closed') throw new TwilioError(400, 21479, 'Unable to update Status for subaccount, subaccount has been closed.');
  const before = { friendly_name: account.identity.friendlyName, status: account.status };
  if (Status !== undefined && Status !== account.status) {
    refuseStatus(account);
    account.status = Status;
    if (Status === 'closed') account.dropAll();
  }
  if (FriendlyName !== undefined) account.identity = { ...account.identity, friendlyName: FriendlyName };
  const updated = { friendly_name: account.identity.friendlyName, status: account.status };
  account.tell('account.updated', account.sid, { friendly_name: { previous: before.friendly_name, updated: updated.friendly_name }, status: { previous: before.status, updated: updated.status } });
  return account;
}

function refuseStatus({ parent, suspendedByTwilio }: Account): void {
  if (parent === null) throw new TwilioError(400, 21477, 'Unable to update Status for parent accounts');
  if (!parent.isActive) throw new TwilioError(400, 21476, 'Unable to update Status for subaccount, parent account is suspended.');
  if (suspendedByTwilio) throw new TwilioError(400, 21478, 'Unable to update Status for subaccount, subaccount has been suspended by Twilio');
}

function view(account: Account): Readonly<Record<string, unknown>> {
  const { sid, authToken, friendlyName: name } = account.identity;
  const time = rfc2822(account.createdAt);
  return { sid, auth_token: authToken, friendly_name: name, status: account.status, type: account.type, owner_account_sid: (account.parent ?? account).sid, date_created: time, date_updated: time, subresource_uris: {}, uri: `/2010-04-01/Accounts/${sid}.json` };
}
