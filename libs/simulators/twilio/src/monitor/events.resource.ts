import type { Account } from '../accounts/account.js';
import { iso8601, metaPageOf } from '../wire/page.js';
import { ok, type Asked, type Route } from '../wire/router.js';
import { notFound } from '../wire/twilio-error.js';
import type { MonitorEvent } from './audit.js';

const EVENTS = 'monitor.twilio.com/v1/Events';

/** Who changed what of this account, newest first. */
export const eventRoutes: readonly Route[] = [
  { method: 'GET', template: EVENTS, handle: (asked) => ok(metaPageOf('events', asked, asked.account.events.filter(isMeant(asked)).toReversed(), view(asked.account))) },
  {
    method: 'GET',
    template: `${EVENTS}/{EventSid}`,
    handle: ({ account, params, path }) => {
      const event = account.events.find(({ sid }) => sid === params['EventSid']);
      if (event === undefined) throw notFound(path);
      return ok(view(account)(event));
    },
  },
];

function isMeant({ query }: Asked): (event: MonitorEvent) => boolean {
  const from = query.get('StartDate');
  const until = query.get('EndDate');
  const same = (name: string, value: string): boolean => !query.has(name) || query.get(name) === value;
  return ({ actor, eventType, resourceSid, at }) =>
    same('ActorSid', actor.sid) && same('SourceIpAddress', actor.ip) && same('EventType', eventType) && same('ResourceSid', resourceSid) && (from === null || at >= new Date(from)) && (until === null || at <= new Date(until));
}

const view = (account: Account) => ({ sid, at, actor, resourceType, resourceSid, eventType, data }: MonitorEvent): unknown => ({
  sid,
  account_sid: account.sid,
  actor_sid: actor.sid,
  actor_type: actor.type,
  description: null,
  event_data: data,
  event_date: iso8601(at),
  event_type: eventType,
  resource_sid: resourceSid,
  resource_type: resourceType,
  source: actor.source,
  source_ip_address: actor.ip,
  url: `https://${EVENTS}/${sid}`,
  links: { actor: actor.type === 'account' ? `https://api.twilio.com/2010-04-01/Accounts/${actor.sid}` : `https://api.twilio.com/2010-04-01/Users/${actor.sid}`, resource: `https://api.twilio.com/2010-04-01/Accounts/${account.sid}` },
});
