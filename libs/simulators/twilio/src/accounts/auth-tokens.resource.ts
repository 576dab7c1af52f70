import { iso8601 } from '../wire/page.js';
import { created, gone, ok, type Asked, type Route } from '../wire/router.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import { newToken } from './account.js';

const TOKENS = 'accounts.twilio.com/v1/AuthTokens';

/** A second token beside the first, and its promotion: then the first lets nobody in any more. Callbacks are signed with the first one. */
export const authTokenRoutes: readonly Route[] = [
  {
    method: 'POST',
    template: `${TOKENS}/Secondary`,
    handle: (asked) => {
      const { account } = asked;
      if (account.secondaryToken !== undefined) throw new TwilioError(400, 20001, 'There is a secondary auth token: promote or delete it first');
      account.secondaryToken = newToken();
      account.tell('account-auth-token.secondary-created', account.sid);
      return created({ ...dated(asked, 'Secondary'), secondary_auth_token: account.secondaryToken });
    },
  },
  {
    method: 'DELETE',
    template: `${TOKENS}/Secondary`,
    handle: ({ account, path }) => {
      if (account.secondaryToken === undefined) throw notFound(path);
      account.secondaryToken = undefined;
      account.tell('account-auth-token.secondary-deleted', account.sid);
      return gone();
    },
  },
  {
    method: 'POST',
    template: `${TOKENS}/Promote`,
    handle: (asked) => {
      const { account, path } = asked;
      if (account.secondaryToken === undefined) throw notFound(path);
      account.identity = { ...account.identity, authToken: account.secondaryToken };
      account.secondaryToken = undefined;
      account.tell('account-auth-token.promoted', account.sid);
      return ok({ ...dated(asked, 'Promote'), auth_token: account.identity.authToken });
    },
  },
];

function dated({ account }: Asked, what: string): Readonly<Record<string, unknown>> {
  const now = iso8601(new Date());
  return { account_sid: account.sid, date_created: now, date_updated: now, url: `https://${TOKENS}/${what}` };
}
