import { z } from 'zod';
import type { DomainMappings } from '../accounts/account.js';
import { readForm } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import { domainOf } from './sip-domains.resource.js';

const DOMAIN = `${ACCOUNT}/SIP/Domains/{DomainSid}`;
const MOST = { calls: 'listsPerDomain', registrations: 'listsPerDomain', addresses: 'addressListsPerDomain' } as const;

/**
 * Which credential lists may call through a domain and which may register at it: two lists of mappings that know nothing of each other. And which IP access
 * control lists may call. The older paths without `Auth` are other names of what is under `Auth/Calls`.
 */
export const mappingRoutes: readonly Route[] = [
  ...routesOf(`${DOMAIN}/Auth/Calls`, 'CredentialList', 'calls', 'contents'),
  ...routesOf(`${DOMAIN}/Auth/Registrations`, 'CredentialList', 'registrations', 'contents'),
  ...routesOf(`${DOMAIN}/Auth/Calls`, 'IpAccessControlList', 'addresses', 'contents'),
  ...routesOf(DOMAIN, 'CredentialList', 'calls', 'credential_list_mappings'),
  ...routesOf(DOMAIN, 'IpAccessControlList', 'addresses', 'ip_access_control_list_mappings'),
];

function routesOf(place: string, kind: 'CredentialList' | 'IpAccessControlList', which: keyof DomainMappings, key: string): Route[] {
  const [all, one] = [`${place}/${kind}Mappings.json`, `${place}/${kind}Mappings/{ListSid}.json`];
  const form = z.strictObject({ [`${kind}Sid`]: z.string() });
  const mapped = (asked: Asked): Rows => asked.account.mappingsOf(domainOf(asked).sid)[which];
  const view = ({ account, path }: Asked, row: Row): unknown => ({
    ...commonView(account.sid, row),
    ...(key === 'contents' ? {} : { domain_sid: /Domains\/(\w+)/.exec(path)?.[1], uri: `${path.replace(/(\/\w{34})?\.json$/, '')}/${row.sid}.json` }),
  });
  return [
    ...readingRoutes({ all, one, key, rowsOf: mapped, view }),
    {
      method: 'POST',
      template: all,
      handle: (asked) => {
        const rows = mapped(asked);
        const sid = String(readForm(form, asked.form, 21231)[`${kind}Sid`]);
        const list = (kind === 'CredentialList' ? asked.account.lists : asked.account.addressLists).get(sid);
        if (list === undefined) throw notFound(`/SIP/${kind}s/${sid}`);
        if (rows.get(sid) !== undefined) throw new TwilioError(400, 21231, `${kind} ${sid} is mapped to this domain already`);
        if (rows.size >= asked.world.limits[MOST[which]]) throw new TwilioError(400, 21231, `The limit of ${kind}s of this domain is reached`);
        return created(view(asked, rows.add({ friendly_name: list.attributes['friendly_name'] ?? null }, sid)));
      },
    },
    {
      method: 'DELETE',
      template: one,
      handle: (asked) => {
        mapped(asked).remove(rowAt(mapped(asked), asked).sid);
        return gone();
      },
    },
  ];
}
