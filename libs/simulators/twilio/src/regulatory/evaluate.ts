import type { Attributes, Row } from '../wire/rows.js';
import { regulationOf, type Requirement } from './regulations.js';
import type { Regulatory } from './regulatory.js';

export interface Evaluated {
  readonly isCompliant: boolean;
  readonly results: readonly Attributes[];
}

/** Whether a bundle has all that its regulation asks for, and for each point what is missing (error codes: Twilio's catalogue, 22214 to 22219). */
export function evaluate(regulatory: Regulatory, bundle: Row): Evaluated {
  const regulation = regulationOf(bundle.attributes['regulation_sid']);
  const assigned = regulatory.partsOf(bundle.sid).items.all().flatMap(({ attributes }) => {
    const sid = attributes['object_sid'] as string;
    const row = regulatory.endUsers.get(sid) ?? regulatory.documents.get(sid);
    return row === undefined ? [] : [row];
  });
  const results = regulation === undefined ? [] : [resultOf(regulation.endUser, assigned, 22214, 22215), ...regulation.documents.map((each) => resultOf(each, assigned, 22216, 22217))];
  return { isCompliant: results.every(({ passed }) => passed === true), results };
}

function resultOf(requirement: Requirement, assigned: readonly Row[], missing: number, incomplete: number): Attributes {
  const of = (type: string): Row | undefined => assigned.find(({ attributes }) => attributes['type'] === type);
  const accepted = requirement.accepted.find(({ type }) => of(type) !== undefined) ?? requirement.accepted[0]!;
  const row = of(accepted.type);
  const given = (row?.attributes['attributes'] ?? {}) as Readonly<Record<string, unknown>>;
  const has = (machine: string): boolean => given[machine] !== undefined && given[machine] !== '';
  const invalid = accepted.fields.filter(({ machine }) => !has(machine)).map(({ machine, friendly }) => ({ friendly_name: friendly, object_field: machine, failure_reason: `The ${friendly} is missing.`, error_code: machine === 'address_sids' ? 22219 : incomplete }));
  const passed = row !== undefined && invalid.length === 0;
  return {
    friendly_name: accepted.friendly,
    object_type: accepted.type,
    passed,
    failure_reason: passed ? null : row === undefined ? `${accepted.friendly} is missing. Please add one to the regulatory bundle.` : `${accepted.friendly} lacks ${invalid.map(({ friendly_name: friendly }) => friendly).join(', ')}.`,
    error_code: passed ? null : row === undefined ? missing : incomplete,
    valid: accepted.fields.filter(({ machine }) => has(machine)).map(({ machine, friendly }) => ({ friendly_name: friendly, object_field: machine })),
    invalid,
    requirement_friendly_name: requirement.friendly,
    requirement_name: requirement.name,
  };
}
