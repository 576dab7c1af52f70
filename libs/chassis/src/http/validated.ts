import { Body as NestBody, Param as NestParam, Query as NestQuery, type PipeTransform } from '@nestjs/common';
import { PermanentError, type Fault } from '@troncal/kernel';
import type { z } from 'zod';
import { unknownFields } from './unknown-fields.js';

type Part = 'body' | 'query' | 'path';

const UNKNOWN = 'This field is not known here.';

/** Checks one part of a request against a schema. Every fault is named at once, unknown fields among them. */
export class SchemaPipe implements PipeTransform {
  constructor(
    private readonly schema: z.ZodType,
    private readonly part: Part,
  ) {}

  transform(value: unknown): unknown {
    const given = this.part === 'body' ? (value ?? undefined) : { ...(value as object | undefined) };
    const result = this.schema.safeParse(given);
    const strangers: Fault[] = unknownFields(this.schema, given).map((path) => ({ where: pointer(path), message: UNKNOWN }));
    const wrong = result.success ? [] : result.error.issues.flatMap(describe);
    const faults = [...wrong, ...strangers.filter((stranger) => !wrong.some((fault) => fault.where === stranger.where))];
    if (faults.length > 0 || !result.success) throw invalid(this.part, faults);
    return result.data;
  }
}

/** The body, checked: `@Body(createTenantSchema) body: CreateTenant`. Unknown fields and wrong types are refused with 422 and one entry per fault. */
export function Body(schema: z.ZodType): ParameterDecorator {
  return NestBody(new SchemaPipe(schema, 'body'));
}

/** The query string, checked. Values are text: use z.coerce for numbers. */
export function Query(schema: z.ZodType): ParameterDecorator {
  return NestQuery(new SchemaPipe(schema, 'query'));
}

/** The parameters of the path, checked: `@Params(z.object({ id: z.uuid() }))`. */
export function Params(schema: z.ZodType): ParameterDecorator {
  return NestParam(new SchemaPipe(schema, 'path'));
}

function invalid(part: Part, faults: readonly Fault[]): PermanentError {
  const listed = faults.map((fault) => `${fault.where}: ${fault.message}`).join('; ');
  return new PermanentError('validation_failed', `The ${part} of the request is not valid: ${listed}`, { faults, status: 422 });
}

function describe(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ where: pointer([...issue.path, key]), message: UNKNOWN }));
  return [{ where: pointer(issue.path), message: issue.message }];
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') || '/';
}
