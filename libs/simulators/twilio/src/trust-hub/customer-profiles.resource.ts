import type { Account } from '../accounts/account.js';
import { iso8601, metaPageOf } from '../wire/page.js';
import { ok, type Route } from '../wire/router.js';

const PROFILES = 'trusthub.twilio.com/v1/CustomerProfiles';

/** Who the owner of an account is: one primary profile, whose state Twilio's people settle. Its answers are an inference from Twilio's documentation: no document of its API is at hand. */
export const customerProfileRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: PROFILES,
    handle: (asked) => {
      const { account, query } = asked;
      const asksFor = query.get('Status');
      const all = account.profile === undefined || (asksFor !== null && asksFor !== account.profile) ? [] : [{ sid: `BU${account.sid.slice(2)}` }];
      return ok(metaPageOf('results', asked, all, ({ sid }) => view(account, sid)));
    },
  },
];

function view({ sid: accountSid, identity, createdAt, profile }: Account, sid: string): object {
  const time = iso8601(createdAt);
  return {
    sid, account_sid: accountSid, policy_sid: `RN${'0'.repeat(32)}`, friendly_name: identity.friendlyName, status: profile, valid_until: null, email: 'owner@example.com', status_callback: null,
    date_created: time, date_updated: time, url: `https://${PROFILES}/${sid}`, links: {}, errors: null,
  };
}
