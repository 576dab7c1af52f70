import { z } from 'zod';
import { readForm } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { TwilioError } from '../wire/twilio-error.js';
import { listOf } from './credential-lists.resource.js';

const INVALID = 21243;
const CREDENTIALS = `${ACCOUNT}/SIP/CredentialLists/{ListSid}/Credentials.json`;
const CREDENTIAL = `${ACCOUNT}/SIP/CredentialLists/{ListSid}/Credentials/{CredentialSid}.json`;

const username = z.string().min(1).max(32);
const password = z.string().min(12, 'at least 12 characters').regex(/[a-z]/, 'at least one small letter').regex(/[A-Z]/, 'at least one capital').regex(/\d/, 'at least one digit');
const newCredential = z.strictObject({ Username: username, Password: password });
const changedCredential = z.strictObject({ Password: password });

/** SIP users of a list: 1,000 a list, names unique in it, passwords never told again. A username can't be changed. */
export const credentialRoutes: readonly Route[] = [
  ...readingRoutes({ all: CREDENTIALS, one: CREDENTIAL, key: 'credentials', rowsOf, view }),
  {
    method: 'POST',
    template: CREDENTIALS,
    handle: (asked) => {
      const rows = rowsOf(asked);
      const { Username, Password } = readForm(newCredential, asked.form, INVALID);
      if (rows.size >= asked.world.limits.credentialsPerList) throw new TwilioError(400, 21242, 'The limit of credentials of this list is reached');
      if (rows.having('username', Username) !== undefined) throw new TwilioError(400, INVALID, `Username ${Username} exists in this list already`);
      return created(view(asked, rows.add({ username: Username, password: Password })));
    },
  },
  {
    method: 'POST',
    template: CREDENTIAL,
    handle: (asked) => {
      const row = rowAt(rowsOf(asked), asked);
      rowsOf(asked).change(row, { password: readForm(changedCredential, asked.form, INVALID).Password });
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: CREDENTIAL,
    handle: (asked) => {
      rowsOf(asked).remove(rowAt(rowsOf(asked), asked).sid);
      return gone();
    },
  },
];

function rowsOf(asked: Asked): Rows {
  return asked.account.credentialsOf(listOf(asked).sid);
}

function view({ account, params }: Asked, row: Row): Readonly<Record<string, unknown>> {
  const list = params['ListSid'] ?? '';
  const { password: _, ...told } = commonView(account.sid, row);
  return { ...told, credential_list_sid: list, uri: `/2010-04-01/Accounts/${account.sid}/SIP/CredentialLists/${list}/Credentials/${row.sid}.json` };
}
