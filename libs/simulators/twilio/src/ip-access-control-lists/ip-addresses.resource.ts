import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { attributesOf, readForm } from '../wire/form.js';
import { commonView } from '../wire/page.js';
import { readingRoutes, rowAt } from '../wire/reading-routes.js';
import { ACCOUNT, created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { TwilioError } from '../wire/twilio-error.js';
import { addressListOf } from './ip-access-control-lists.resource.js';

const INVALID = 21238;
const ADDRESSES = `${ACCOUNT}/SIP/IpAccessControlLists/{AddressListSid}/IpAddresses.json`;
const ADDRESS = `${ACCOUNT}/SIP/IpAccessControlLists/{AddressListSid}/IpAddresses/{AddressSid}.json`;

const fields = {
  FriendlyName: z.string().min(1).max(255),
  IpAddress: z.string().refine(isIPv4, 'a dotted IPv4 address'),
  CidrPrefixLength: z.coerce.number().int().min(8).max(32).optional(),
};
const newAddress = z.strictObject(fields);
const changedAddress = z.strictObject(fields).partial();

/** Addresses of a list, each with how many of its leading bits count: 100 a list. */
export const ipAddressRoutes: readonly Route[] = [
  ...readingRoutes({ all: ADDRESSES, one: ADDRESS, key: 'ip_addresses', rowsOf, view }),
  {
    method: 'POST',
    template: ADDRESSES,
    handle: (asked) => {
      const rows = rowsOf(asked);
      const wanted = readForm(newAddress, asked.form, INVALID);
      if (rows.size >= asked.world.limits.addressesPerList) throw new TwilioError(400, 21237, 'Maximum IP Addresses Reached for List');
      refuseTaken(rows, wanted.IpAddress);
      return created(view(asked, rows.add({ cidr_prefix_length: 32, ...attributesOf(wanted) })));
    },
  },
  {
    method: 'POST',
    template: ADDRESS,
    handle: (asked) => {
      const rows = rowsOf(asked);
      const row = rowAt(rows, asked);
      const wanted = readForm(changedAddress, asked.form, INVALID);
      if (wanted.IpAddress !== undefined && wanted.IpAddress !== row.attributes['ip_address']) refuseTaken(rows, wanted.IpAddress);
      rows.change(row, attributesOf(wanted));
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: ADDRESS,
    handle: (asked) => {
      rowsOf(asked).remove(rowAt(rowsOf(asked), asked).sid);
      return gone();
    },
  },
];

function rowsOf(asked: Asked): Rows {
  return asked.account.addressesOf(addressListOf(asked).sid);
}

function refuseTaken(rows: Rows, address: string): void {
  if (rows.having('ip_address', address) !== undefined) throw new TwilioError(400, INVALID, `Address ${address} is in this list already`);
}

function view({ account, params }: Asked, row: Row): Readonly<Record<string, unknown>> {
  const list = params['AddressListSid'] ?? '';
  return { ...commonView(account.sid, row), ip_access_control_list_sid: list, uri: `/2010-04-01/Accounts/${account.sid}/SIP/IpAccessControlLists/${list}/IpAddresses/${row.sid}.json` };
}
