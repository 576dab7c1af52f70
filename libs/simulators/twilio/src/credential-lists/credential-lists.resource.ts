import { z } from 'zod';
import { attributesOf, readForm } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { readingRoutes } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row } from '../wire/rows.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';

const INVALID = 21240;
const LISTS = `${ACCOUNT}/SIP/CredentialLists.json`;
const LIST = `${ACCOUNT}/SIP/CredentialLists/{ListSid}.json`;
const form = z.strictObject({ FriendlyName: z.string().min(1).max(64) });

/** Credential lists: 100 an account, names unique in it; one that a domain uses can't be deleted. */
export const listRoutes: readonly Route[] = [
  ...readingRoutes({ all: LISTS, one: LIST, key: 'credential_lists', rowsOf: ({ account }) => account.lists, view }),
  {
    method: 'POST',
    template: LISTS,
    handle: (asked) => {
      const { account, world } = asked;
      const wanted = readForm(form, asked.form, INVALID);
      if (account.lists.size >= world.limits.listsPerAccount) throw new TwilioError(400, 21239, 'The limit of credential lists of this account is reached');
      refuseTaken(asked, wanted.FriendlyName);
      return created(view(asked, account.lists.add(attributesOf(wanted))));
    },
  },
  {
    method: 'POST',
    template: LIST,
    handle: (asked) => {
      const row = listOf(asked);
      const wanted = readForm(form, asked.form, INVALID);
      if (wanted.FriendlyName !== row.attributes['friendly_name']) refuseTaken(asked, wanted.FriendlyName);
      asked.account.lists.change(row, attributesOf(wanted));
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: LIST,
    handle: (asked) => {
      const { sid } = listOf(asked);
      const [domain] = asked.account.mappedAt(sid);
      if (domain !== undefined) throw new TwilioError(400, 21241, `CredentialList ${sid} is mapped to domain ${domain.sid}`);
      asked.account.dropList(sid);
      return gone();
    },
  },
];

/** @throws TwilioError 404 */
export function listOf({ account, params, path }: Asked): Row {
  const row = account.lists.seen(params['ListSid'] ?? '');
  if (row === undefined) throw notFound(path);
  return row;
}

function refuseTaken({ account }: Asked, name: string): void {
  if (account.lists.having('friendly_name', name) !== undefined) throw new TwilioError(400, INVALID, `A credential list named ${name} exists already`);
}

function view({ account }: Asked, row: Row): Readonly<Record<string, unknown>> {
  const base = `/2010-04-01/Accounts/${account.sid}/SIP/CredentialLists/${row.sid}`;
  return { ...commonView(account.sid, row), uri: `${base}.json`, subresource_uris: { credentials: `${base}/Credentials.json` } };
}
