import { iso8601, metaPageOf } from '../wire/page.js';
import { ok, type Asked, type Route } from '../wire/router.js';
import { notFound } from '../wire/twilio-error.js';
import type { Alerts, VoiceAlert } from './alerts.js';

const ALERTS = 'monitor.twilio.com/v1/Alerts';

/** What Twilio's debugger shows of an account, newest first. */
export function alertRoutes(alerts: Alerts): readonly Route[] {
  const of = ({ account }: Asked): VoiceAlert[] => alerts.all.filter(({ accountSid }) => accountSid === account.sid);
  return [
    { method: 'GET', template: ALERTS, handle: (asked) => ok(metaPageOf('alerts', asked, of(asked).filter(isMeant(asked)).toReversed(), view)) },
    {
      method: 'GET',
      template: `${ALERTS}/{AlertSid}`,
      handle: (asked) => {
        const alert = of(asked).find(({ sid }) => sid === asked.params['AlertSid']);
        if (alert === undefined) throw notFound(asked.path);
        return ok({ ...view(alert), request_headers: null, request_variables: null, response_headers: null, response_body: null });
      },
    },
  ];
}

function isMeant({ query }: Asked): (alert: VoiceAlert) => boolean {
  const [from, until, level] = [query.get('StartDate'), query.get('EndDate'), query.get('LogLevel')];
  return (alert) =>
    (level === null || alert.level === level) && (from === null || alert.at >= new Date(from)) && (until === null || alert.at <= new Date(until));
}

function view({ sid, accountSid, at, code, level, text, resourceSid, url }: VoiceAlert): Readonly<Record<string, unknown>> {
  const time = iso8601(at);
  return {
    sid,
    account_sid: accountSid,
    alert_text: text,
    api_version: '2010-04-01',
    date_created: time,
    date_generated: time,
    date_updated: time,
    error_code: String(code),
    log_level: level,
    more_info: `https://www.twilio.com/docs/api/errors/${code}`,
    request_method: url === null ? null : 'POST',
    request_url: url,
    resource_sid: resourceSid,
    service_sid: null,
    url: `https://${ALERTS}/${sid}`,
  };
}
