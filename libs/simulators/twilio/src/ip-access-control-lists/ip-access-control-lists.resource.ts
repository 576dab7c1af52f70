import { z } from 'zod';
import { attributesOf, readForm } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row } from '../wire/rows.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';

const INVALID = 21235;
const LISTS = `${ACCOUNT}/SIP/IpAccessControlLists.json`;
const LIST = `${ACCOUNT}/SIP/IpAccessControlLists/{AddressListSid}.json`;
const form = z.strictObject({ FriendlyName: z.string().min(1).max(64) });

/** Lists of addresses that may call: 100 an account, names unique in it; one that a domain uses can't be deleted. */
export const addressListRoutes: readonly Route[] = [
  ...readingRoutes({ all: LISTS, one: LIST, key: 'ip_access_control_lists', rowsOf: ({ account }) => account.addressLists, view }),
  {
    method: 'POST',
    template: LISTS,
    handle: (asked) => {
      const { account, world } = asked;
      const wanted = readForm(form, asked.form, INVALID);
      if (account.addressLists.size >= world.limits.addressListsPerAccount) throw new TwilioError(400, 21255, 'Maximum IP Access Control Lists reached');
      refuseTaken(asked, wanted.FriendlyName);
      return created(view(asked, account.addressLists.add(attributesOf(wanted))));
    },
  },
  {
    method: 'POST',
    template: LIST,
    handle: (asked) => {
      const row = rowAt(asked.account.addressLists, asked);
      const wanted = readForm(form, asked.form, INVALID);
      if (wanted.FriendlyName !== row.attributes['friendly_name']) refuseTaken(asked, wanted.FriendlyName);
      asked.account.addressLists.change(row, attributesOf(wanted));
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: LIST,
    handle: (asked) => {
      const { sid } = rowAt(asked.account.addressLists, asked);
      const [domain] = asked.account.mappedAt(sid);
      if (domain !== undefined) throw new TwilioError(400, 21236, `IpAccessControlList ${sid} is mapped to domain ${domain.sid}`);
      asked.account.dropList(sid);
      return gone();
    },
  },
];

/** @throws TwilioError 404 */
export function addressListOf({ account, params, path }: Asked): Row {
  const row = account.addressLists.seen(params['AddressListSid'] ?? '');
  if (row === undefined) throw notFound(path);
  return row;
}

function refuseTaken({ account }: Asked, name: string): void {
  if (account.addressLists.having('friendly_name', name) !== undefined) throw new TwilioError(400, INVALID, `An IP access control list named ${name} exists already`);
}

function view({ account }: Asked, row: Row): Readonly<Record<string, unknown>> {
  const base = `/2010-04-01/Accounts/${account.sid}/SIP/IpAccessControlLists/${row.sid}`;
  return { ...commonView(account.sid, row), uri: `${base}.json`, subresource_uris: { ip_addresses: `${base}/IpAddresses.json` } };
}
