import { z } from 'zod';
import { attributesOf, readForm, url } from '../wire/form.js';
import { datedView } from '../wire/page.js';
import { readingRoutes, rowAt } from '../wire/reading-routes.js';
import { created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { notFound, TwilioError } from '../wire/twilio-error.js';
import { evaluate } from './evaluate.js';
import { isNumberType, REGULATIONS, regulationOf, type Regulation } from './regulations.js';

const BUNDLES = 'numbers.twilio.com/v2/RegulatoryCompliance/Bundles';
const BUNDLE = `${BUNDLES}/{BundleSid}`;
const STATUSES = ['draft', 'pending-review', 'in-review', 'twilio-rejected', 'twilio-approved', 'provisionally-approved'];

const settings = { FriendlyName: z.string().min(1), Email: z.string().min(3), StatusCallback: url().optional() };
const newBundle = z.strictObject({ ...settings, RegulationSid: z.string().optional(), IsoCountry: z.string().optional(), NumberType: z.string().optional(), EndUserType: z.string().optional(), IsTest: z.string().optional() });
const changedBundle = z.strictObject({ ...z.object(settings).partial().shape, Status: z.string().optional() });

/** What proves to a country that a customer may have its numbers. Handed in once it is complete; then people at Twilio decide, which takes days. */
export const bundleRoutes: readonly Route[] = [
  ...readingRoutes({ all: BUNDLES, one: BUNDLE, key: 'results', rowsOf, view, isMeant, pages: 'meta' }),
  {
    method: 'POST',
    template: BUNDLES,
    handle: (asked) => {
      const { RegulationSid, IsoCountry, NumberType, EndUserType, IsTest: _, ...wanted } = readForm(newBundle, asked.form, 20001);
      const regulation = RegulationSid === undefined ? regulationBy(IsoCountry, NumberType, EndUserType ?? 'business') : regulationOf(RegulationSid);
      if (regulation === undefined) throw new TwilioError(400, 22201, 'No regulation sid found for the given number group');
      return created(view(asked, rowsOf(asked).add({ status_callback: null, ...attributesOf(wanted), regulation_sid: regulation.sid, status: 'draft', valid_until: null })));
    },
  },
  {
    method: 'POST',
    template: BUNDLE,
    handle: (asked) => {
      const row = rowAt(rowsOf(asked), asked);
      const { Status, ...wanted } = readForm(changedBundle, asked.form, 20001);
      if (Status !== undefined && Object.keys(wanted).length > 0) throw new TwilioError(400, 22204, 'Bundle status and properties cannot be updated in the same request');
      if (Status !== undefined) handIn(asked, row, Status);
      rowsOf(asked).change(row, Status === undefined ? attributesOf(wanted) : { status: Status });
      return ok(view(asked, row));
    },
  },
  {
    method: 'DELETE',
    template: BUNDLE,
    handle: (asked) => {
      const row = rowAt(rowsOf(asked), asked);
      if (['pending-review', 'in-review'].includes(row.attributes['status'] as string)) throw new TwilioError(400, 21647, 'Regulatory Bundle is not eligible for deletion');
      if (asked.account.numbers.having('bundle_sid', row.sid) !== undefined) throw new TwilioError(400, 21648, 'Regulatory Bundle cannot be deleted due to active number assignment');
      rowsOf(asked).remove(row.sid);
      return gone();
    },
  },
];

/** @throws TwilioError 404 */
export function bundleOf({ account, params, path }: Asked): Row {
  const row = account.regulatory.bundles.seen(params['BundleSid'] ?? '');
  if (row === undefined) throw notFound(path);
  return row;
}

function rowsOf({ account }: Asked): Rows {
  return account.regulatory.bundles;
}

function regulationBy(iso: string | undefined, type: string | undefined, endUser: string): Regulation | undefined {
  if (iso === undefined || type === undefined) throw new TwilioError(400, 22202, 'No regulation sid or phone number country and type was provided');
  if (!isNumberType(type) || !['individual', 'business'].includes(endUser)) throw new TwilioError(400, 22200, 'Invalid End-User Type or Number Type');
  return REGULATIONS.find((each) => each.iso === iso && each.numberType === type && each.endUserType === endUser);
}

/** A customer may hand it in, when everything is there, and take it back to mend it. The rest is for Twilio's people. */
function handIn({ account }: Asked, row: Row, status: string): void {
  if (!STATUSES.includes(status)) throw new TwilioError(400, 22203, 'Unable to parse bundle status');
  const now = row.attributes['status'] as string;
  if (status === 'draft' && ['draft', 'twilio-rejected', 'pending-review'].includes(now)) return;
  if (status !== 'pending-review' || !['draft', 'twilio-rejected'].includes(now)) throw new TwilioError(400, 20001, `A bundle that is ${now} can't be made ${status} by its owner`);
  const { isCompliant } = evaluate(account.regulatory, row);
  if (!isCompliant) throw new TwilioError(400, 20001, 'The bundle is not compliant: its evaluation says what is missing');
}

function isMeant({ query }: Asked, { sid, attributes }: Row): boolean {
  const regulation = regulationOf(attributes['regulation_sid']);
  const same = (parameter: string, value: unknown): boolean => !query.has(parameter) || query.get(parameter) === value;
  return (
    same('Status', attributes['status']) && same('FriendlyName', attributes['friendly_name']) && same('RegulationSid', attributes['regulation_sid']) &&
    same('IsoCountry', regulation?.iso) && same('NumberType', regulation?.numberType) && same('EndUserType', regulation?.endUserType) && (query.get('BundleSids')?.split(',').includes(sid) ?? true)
  );
}

function view({ account }: Asked, row: Row): unknown {
  const at = `https://${BUNDLES}/${row.sid}`;
  return { ...datedView(account.sid, row, at), links: { evaluations: `${at}/Evaluations`, item_assignments: `${at}/ItemAssignments`, bundle_copies: `${at}/Copies` } };
}
