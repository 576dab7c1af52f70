import { z } from 'zod';
import { readForm } from '../wire/form.js';
import { datedView } from '../wire/page.js';
import { readingRoutes, rowAt } from '../wire/reading-routes.js';
import { created, gone, type Asked, type Route } from '../wire/router.js';
import type { Row, Rows } from '../wire/rows.js';
import { TwilioError } from '../wire/twilio-error.js';
import { bundleOf } from './bundles.resource.js';
import { evaluate } from './evaluate.js';

const BUNDLE = 'numbers.twilio.com/v2/RegulatoryCompliance/Bundles/{BundleSid}';
const ITEMS = `${BUNDLE}/ItemAssignments`;
const EVALUATIONS = `${BUNDLE}/Evaluations`;
const newItem = z.strictObject({ ObjectSid: z.string() });

/** What a bundle is made of, and what is said of it at once, before people look at it. */
export const bundlePartRoutes: readonly Route[] = [
  ...readingRoutes({ all: ITEMS, one: `${ITEMS}/{ItemSid}`, key: 'results', rowsOf: itemsOf, view: viewAt('ItemAssignments'), pages: 'meta' }),
  {
    method: 'POST',
    template: ITEMS,
    handle: (asked) => {
      refuseHandedIn(asked);
      const { ObjectSid } = readForm(newItem, asked.form, 22205);
      const { endUsers, documents } = asked.account.regulatory;
      if (!/^(IT|RD)/.test(ObjectSid)) throw new TwilioError(400, 22206, 'Attempting to add invalid object type to bundle');
      if (endUsers.get(ObjectSid) === undefined && documents.get(ObjectSid) === undefined) throw new TwilioError(400, 22205, 'Attempting to assign invalid object_sid to Bundle');
      return created(viewAt('ItemAssignments')(asked, itemsOf(asked).having('object_sid', ObjectSid) ?? itemsOf(asked).add({ object_sid: ObjectSid })));
    },
  },
  {
    method: 'DELETE',
    template: `${ITEMS}/{ItemSid}`,
    handle: (asked) => {
      refuseHandedIn(asked);
      itemsOf(asked).remove(rowAt(itemsOf(asked), asked).sid);
      return gone();
    },
  },
  ...readingRoutes({ all: EVALUATIONS, one: `${EVALUATIONS}/{EvaluationSid}`, key: 'results', rowsOf: evaluationsOf, view: viewAt('Evaluations'), pages: 'meta' }),
  {
    method: 'POST',
    template: EVALUATIONS,
    handle: (asked) => {
      const bundle = bundleOf(asked);
      const { isCompliant, results } = evaluate(asked.account.regulatory, bundle);
      const row = evaluationsOf(asked).add({ regulation_sid: bundle.attributes['regulation_sid'] ?? null, status: isCompliant ? 'compliant' : 'noncompliant', results });
      return created(viewAt('Evaluations')(asked, row));
    },
  },
];

function itemsOf(asked: Asked): Rows {
  return asked.account.regulatory.partsOf(bundleOf(asked).sid).items;
}

function evaluationsOf(asked: Asked): Rows {
  return asked.account.regulatory.partsOf(bundleOf(asked).sid).evaluations;
}

function refuseHandedIn(asked: Asked): void {
  const status = bundleOf(asked).attributes['status'] as string;
  if (!['draft', 'twilio-rejected'].includes(status)) throw new TwilioError(400, 20001, `A bundle that is ${status} can't be changed`);
}

function viewAt(kind: string): (asked: Asked, row: Row) => unknown {
  return ({ account, params }, row) => {
    const bundle = params['BundleSid'] ?? '';
    const { date_updated: _, ...told } = datedView(account.sid, row, `https://${BUNDLE.replace('{BundleSid}', bundle)}/${kind}/${row.sid}`);
    return { ...told, bundle_sid: bundle };
  };
}
