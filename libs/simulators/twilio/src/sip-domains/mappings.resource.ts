import { z } from 'zod';
import type { DomainMappings } from '../accounts/account.js';
import { readForm } from '../wire/form.js';
import { commonView, pageOf } from '../wire/page.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import { domainOf } from './sip-domains.resource.js';

const newMapping = z.strictObject({ CredentialListSid: z.string() });

/** Which credential lists may call through a domain (`Calls`) and which may register at it (`Registrations`): two lists of mappings that know nothing of each other. */
export const mappingRoutes: readonly Route[] = [...routesOf('Calls', 'calls'), ...routesOf('Registrations', 'registrations')];

function routesOf(place: string, which: keyof DomainMappings): Route[] {
  const all = `${ACCOUNT}/SIP/Domains/{DomainSid}/Auth/${place}/CredentialListMappings.json`;
  const one = `${ACCOUNT}/SIP/Domains/{DomainSid}/Auth/${place}/CredentialListMappings/{CredentialListSid}.json`;
  const mapped = (asked: Asked): Rows => asked.account.mappingsOf(domainOf(asked).sid)[which];
  const view = ({ account }: Asked, row: Row): unknown => commonView(account.sid, row);
  const oneOf = (asked: Asked): Row => {
    const row = mapped(asked).seen(asked.params['CredentialListSid'] ?? '');
    if (row === undefined) throw notFound(asked.path);
    return row;
  };
  return [
    {
      method: 'POST',
      template: all,
      handle: (asked) => {
        const rows = mapped(asked);
        const { CredentialListSid } = readForm(newMapping, asked.form, 21231);
        const list = asked.account.lists.get(CredentialListSid);
        if (list === undefined) throw notFound(`/SIP/CredentialLists/${CredentialListSid}`);
        if (rows.get(list.sid) !== undefined) throw new TwilioError(400, 21231, `CredentialList ${list.sid} is mapped to this domain already`);
        if (rows.size >= asked.world.limits.listsPerDomain) throw new TwilioError(400, 21231, 'The limit of credential lists of this domain is reached');
        return created(view(asked, rows.add({ friendly_name: list.attributes['friendly_name'] ?? null }, list.sid)));
      },
    },
    { method: 'GET', template: all, handle: (asked) => ok(pageOf('contents', asked.path, asked.query, mapped(asked).allSeen(), (row) => view(asked, row))) },
    { method: 'GET', template: one, handle: (asked) => ok(view(asked, oneOf(asked))) },
    {
      method: 'DELETE',
      template: one,
      handle: (asked) => {
        mapped(asked).remove(oneOf(asked).sid);
        return gone();
      },
    },
  ];
}
