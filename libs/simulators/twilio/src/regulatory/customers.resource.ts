import { z } from 'zod';
import type { Regulatory } from './regulatory.js';
import { datedView } from '../wire/page.js';
import { readForm } from '../wire/form.js';
import { readingRoutes, rowAt } from '../wire/reading-routes.js';
import { created, gone, ok, type Asked, type Route } from '../wire/router.js';
import type { Attribute, Row, Rows } from '../wire/rows.js';
import { TwilioError } from '../wire/twilio-error.js';

const BASE = 'numbers.twilio.com/v2/RegulatoryCompliance';
const name = z.string().min(1).max(64);

/** Who a number is for, and what proves it. What a bundle has of them can't be deleted. */
export const customerRoutes: readonly Route[] = [
  ...routesOf('EndUsers', ({ endUsers }) => endUsers, { newOne: z.strictObject({ FriendlyName: name, Type: z.enum(['individual', 'business']), Attributes: z.string().optional() }), initial: {}, assignedCode: 21644, missing: () => 20001 }),
  ...routesOf('SupportingDocuments', ({ documents }) => documents, {
    newOne: z.strictObject({ FriendlyName: name, Type: z.string().min(1), Attributes: z.string().optional() }),
    initial: { status: 'draft', mime_type: null, failure_reason: null, errors: null },
    assignedCode: 21645,
    missing: (form) => (isGiven(form, 'Type') ? (isGiven(form, 'FriendlyName') ? 20001 : 22211) : 22210),
  }),
];

const isGiven = (form: URLSearchParams, parameter: string): boolean => (form.get(parameter) ?? '') !== '';

interface Kind {
  readonly newOne: z.ZodObject<{ FriendlyName: z.ZodString; Type: z.ZodType<string>; Attributes: z.ZodOptional<z.ZodString> }>;
  readonly initial: Readonly<Record<string, Attribute>>;
  readonly assignedCode: number;
  readonly missing: (form: URLSearchParams) => number;
}

function routesOf(path: string, pick: (regulatory: Regulatory) => Rows, { newOne, initial, assignedCode, missing }: Kind): Route[] {
  const [all, one] = [`${BASE}/${path}`, `${BASE}/${path}/{Sid}`];
  const changed = z.strictObject({ FriendlyName: name.optional(), Attributes: z.string().optional() });
  const rowsOf = ({ account }: Asked): Rows => pick(account.regulatory);
  const view = ({ account }: Asked, row: Row): unknown => datedView(account.sid, row, `https://${all}/${row.sid}`);
  return [
    ...readingRoutes({ all, one, key: 'results', rowsOf, view, pages: 'meta' }),
    {
      method: 'POST',
      template: all,
      handle: (asked) => {
        const { FriendlyName, Type, Attributes } = readForm(newOne, asked.form, missing(asked.form));
        return created(view(asked, rowsOf(asked).add({ ...initial, friendly_name: FriendlyName, type: Type, attributes: attributesIn(Attributes ?? '{}') })));
      },
    },
    {
      method: 'POST',
      template: one,
      handle: (asked) => {
        const row = rowAt(rowsOf(asked), asked);
        const { FriendlyName, Attributes } = readForm(changed, asked.form, 20001);
        rowsOf(asked).change(row, { ...(FriendlyName === undefined ? {} : { friendly_name: FriendlyName }), ...(Attributes === undefined ? {} : { attributes: attributesIn(Attributes) }) });
        return ok(view(asked, row));
      },
    },
    {
      method: 'DELETE',
      template: one,
      handle: (asked) => {
        const { sid } = rowAt(rowsOf(asked), asked);
        const bundle = asked.account.regulatory.assignedTo(sid);
        if (bundle !== undefined) throw new TwilioError(400, assignedCode, `${sid} is assigned to bundle ${bundle}`);
        rowsOf(asked).remove(sid);
        return gone();
      },
    },
  ];
}

function attributesIn(text: string): Attribute {
  const parsed = z.record(z.string(), z.unknown()).safeParse(jsonOf(text));
  if (!parsed.success) throw new TwilioError(400, 22207, 'Unable to parse attributes JSON');
  return parsed.data as Attribute;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
