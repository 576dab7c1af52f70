import { iso8601 } from '../wire/page.js';
import { ok, type Route } from '../wire/router.js';
import { notFound } from '../wire/twilio-error.js';

const REQUESTS = 'numbers.twilio.com/v1/Porting/PortIn';

/** Requests to bring numbers here from another carrier, as they stand. They are filed and moved on by people (`portIns` of the simulator's settings): a public beta for numbers of the US. */
export const portInRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: `${REQUESTS}/{PortInRequestSid}`,
    handle: ({ account, params, path }) => {
      const there = account.portIns.get(params['PortInRequestSid'] ?? '');
      if (there === undefined) throw notFound(path);
      const { request, status, numbers, targetDate = null, reason = null } = there;
      return ok({
        port_in_request_sid: request,
        url: `https://${REQUESTS}/${request}`,
        account_sid: account.sid,
        notification_emails: [],
        target_port_in_date: targetDate,
        target_port_in_time_range_start: null,
        target_port_in_time_range_end: null,
        port_in_request_status: status,
        order_cancellation_reason: status === 'Canceled' ? reason : null,
        losing_carrier_information: null,
        phone_numbers: numbers.map((number) => ({
          not_portability_reason: null, not_portability_reason_code: null, number_type: 'local', phone_number: number, port_date: null, port_in_phone_number_sid: `PU${request.slice(2)}`,
          port_in_phone_number_status: status, portable: true, rejection_reason: status === 'Action Required' ? reason : null, rejection_reason_code: null,
        })),
        bundle_sid: null,
        portability_advance_carrier: null,
        auto_cancel_approval_numbers: null,
        documents: [],
        date_created: iso8601(account.createdAt),
        support_ticket_id: 10_000_001,
        signature_request_url: null,
      });
    },
  },
];
