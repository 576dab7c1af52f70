import { z } from 'zod';
import { friendlyName, readForm } from '../wire/form.js';
import { rfc2822 } from '../wire/page.js';
import { ACCOUNT, created, ok, type Asked, type Route } from '../wire/router.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import { newIdentity, type Account } from './account.js';

const ACCOUNTS = 'api.twilio.com/2010-04-01/Accounts.json';
const newAccount = z.strictObject({ FriendlyName: friendlyName().optional() });
const changedAccount = z.strictObject({ Status: z.enum(['active', 'suspended', 'closed']).optional() });

/** An account and its subaccounts. Closing one is for ever; a suspended one may be read. */
export const accountRoutes: readonly Route[] = [
  {
    method: 'POST',
    template: ACCOUNTS,
    handle: ({ world, account, form }) => {
      const { FriendlyName } = readForm(newAccount, form, 20001);
      if (account.parent !== null) throw new TwilioError(400, 20008, 'A subaccount has no subaccounts');
      if (world.under(account).length >= world.limits.subaccounts) throw new TwilioError(400, 20011, 'The limit of subaccounts is reached');
      return created(view(world.open(newIdentity(FriendlyName ?? 'SubAccount'), account)));
    },
  },
  {
    method: 'GET',
    template: ACCOUNTS,
    handle: ({ world, account, path, query }) => {
      const named = query.get('FriendlyName');
      const all = [account, ...world.under(account)].filter(({ identity }) => named === null || identity.friendlyName === named);
      return ok({ accounts: all.map(view), page: 0, page_size: all.length, start: 0, end: Math.max(all.length - 1, 0), uri: path, first_page_uri: path, next_page_uri: null, previous_page_uri: null });
    },
  },
  { method: 'GET', template: `${ACCOUNT}.json`, handle: (asked) => ok(view(asked.account)) },
  { method: 'POST', template: `${ACCOUNT}.json`, handle: (asked) => ok(view(change(asked))) },
];

function change({ account, form, path }: Asked): Account {
  const { Status } = readForm(changedAccount, form, 20001);
  if (account.status === 'closed') throw notFound(path);
  if (Status !== undefined) account.status = Status;
  return account;
}

function view(account: Account): Readonly<Record<string, unknown>> {
  const { sid, authToken, friendlyName: name } = account.identity;
  const time = rfc2822(account.createdAt);
  return { sid, auth_token: authToken, friendly_name: name, status: account.status, type: 'Full', owner_account_sid: (account.parent ?? account).sid, date_created: time, date_updated: time, subresource_uris: {}, uri: `/2010-04-01/Accounts/${sid}.json` };
}
