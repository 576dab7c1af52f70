import { z } from 'zod';
import { attributesOf, flag, method, readForm, url, voiceParameters } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { meantBy, readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Attributes, Row, Rows } from '../wire/rows.js';

const INVALID = 20001;
const APPLICATIONS = `${ACCOUNT}/Applications.json`;
const APPLICATION = `${ACCOUNT}/Applications/{ApplicationSid}.json`;
const form = z.strictObject({ ...voiceParameters, StatusCallback: url().optional(), StatusCallbackMethod: method().optional(), VoiceCallerIdLookup: flag().optional() });

const DEFAULTS: Attributes = {
  friendly_name: null, voice_url: null, voice_method: 'POST', voice_fallback_url: null, voice_fallback_method: 'POST', voice_caller_id_lookup: false, status_callback: null, status_callback_method: 'POST', sms_url: null, sms_method: 'POST',
  sms_fallback_url: null, sms_fallback_method: 'POST', sms_status_callback: null, message_status_callback: null, public_application_connect_enabled: false, api_version: '2010-04-01',
};

/** TwiML apps: where calls are asked about, for numbers that point at one by VoiceApplicationSid. */
export const applicationRoutes: readonly Route[] = [
  ...readingRoutes({ all: APPLICATIONS, one: APPLICATION, key: 'applications', rowsOf, view, isMeant: meantBy({ FriendlyName: 'friendly_name' }) }),
  { method: 'POST', template: APPLICATIONS, handle: (asked) => created(view(asked, rowsOf(asked).add({ ...DEFAULTS, ...attributesOf(readForm(form, asked.form, INVALID)) }))) },
  {
    method: 'POST',
    template: APPLICATION,
    handle: (asked) => {
      const row = rowAt(rowsOf(asked), asked);
      rowsOf(asked).change(row, attributesOf(readForm(form, asked.form, INVALID)));
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: APPLICATION,
    handle: (asked) => {
      rowsOf(asked).remove(rowAt(rowsOf(asked), asked).sid);
      return gone();
    },
  },
];

function rowsOf({ account }: Asked): Rows {
  return account.applications;
}

function view({ account }: Asked, row: Row): Readonly<Record<string, unknown>> {
  return { ...commonView(account.sid, row), uri: `/2010-04-01/Accounts/${account.sid}/Applications/${row.sid}.json` };
}
