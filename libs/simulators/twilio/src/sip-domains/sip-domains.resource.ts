import { z } from 'zod';
import { attributesOf, flag, method, readForm, sid, url, voiceParameters } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { readingRoutes } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Attributes, Row } from '../wire/rows.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';

const INVALID = 21231;
const DOMAINS = `${ACCOUNT}/SIP/Domains.json`;
const DOMAIN = `${ACCOUNT}/SIP/Domains/{DomainSid}.json`;

const domainName = z.string().regex(/^[A-Za-z0-9-]+\.sip\.twilio\.com$/);
const settings = {
  ...voiceParameters,
  VoiceStatusCallbackUrl: url().optional(),
  VoiceStatusCallbackMethod: method().optional(),
  SipRegistration: flag().optional(),
  EmergencyCallingEnabled: flag().optional(),
  EmergencyCallerSid: sid('PN').optional(),
  Secure: flag().optional(),
  ByocTrunkSid: sid('BY').optional(),
};
const newDomain = z.strictObject({ DomainName: domainName, ...settings });
const changedDomain = z.strictObject({ DomainName: domainName.optional(), ...settings });

/** As a domain is made when nothing is said: without a voice URL and without registration. */
const DEFAULTS: Attributes = {
  friendly_name: null, voice_url: null, voice_method: 'POST', voice_fallback_url: null, voice_fallback_method: 'POST', voice_status_callback_url: null, voice_status_callback_method: 'POST',
  sip_registration: false, emergency_calling_enabled: false, emergency_caller_sid: null, secure: false, byoc_trunk_sid: null,
};

/** SIP domains: names unique over all customers, 100 an account. */
export const domainRoutes: readonly Route[] = [
  ...readingRoutes({ all: DOMAINS, one: DOMAIN, key: 'domains', rowsOf: ({ account }) => account.domains, view }),
  {
    method: 'POST',
    template: DOMAINS,
    handle: (asked) => {
      const { account, world } = asked;
      const form = readForm(newDomain, asked.form, INVALID);
      if (account.domains.size >= world.limits.domainsPerAccount) throw new TwilioError(400, 21230, 'The limit of SIP domains of this account is reached');
      if (world.isDomainNameTaken(form.DomainName)) throw new TwilioError(400, 21232, `DomainName ${form.DomainName} is not available`);
      return created(view(asked, account.domains.add({ ...DEFAULTS, ...attributesOf(form) })));
    },
  },
  {
    method: 'POST',
    template: DOMAIN,
    handle: (asked) => {
      const row = domainOf(asked);
      const form = readForm(changedDomain, asked.form, INVALID);
      const { DomainName } = form;
      if (DomainName !== undefined && DomainName !== row.attributes['domain_name'] && asked.world.isDomainNameTaken(DomainName)) throw new TwilioError(400, 21232, `DomainName ${DomainName} is not available`);
      asked.account.domains.change(row, attributesOf(form));
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: DOMAIN,
    handle: (asked) => {
      asked.account.dropDomain(domainOf(asked).sid);
      return gone();
    },
  },
];

/** @throws TwilioError 404 */
export function domainOf({ account, params, path }: Asked): Row {
  const row = account.domains.seen(params['DomainSid'] ?? '');
  if (row === undefined) throw notFound(path);
  return row;
}

function view({ account }: Asked, row: Row): Readonly<Record<string, unknown>> {
  const base = `/2010-04-01/Accounts/${account.sid}/SIP/Domains/${row.sid}`;
  const { calls, addresses } = account.mappingsOf(row.sid);
  return {
    ...commonView(account.sid, row),
    // Empty means that the domain takes no traffic at all.
    auth_type: [calls.size > 0 ? ['CREDENTIAL_LIST'] : [], addresses.size > 0 ? ['IP_ACL'] : []].flat().join(','),
    api_version: '2010-04-01',
    uri: `${base}.json`,
    subresource_uris: { credential_list_mappings: `${base}/CredentialListMappings.json`, ip_access_control_list_mappings: `${base}/IpAccessControlListMappings.json` },
  };
}
