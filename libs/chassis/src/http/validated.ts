import { Body as NestBody, Param as NestParam, Query as NestQuery, type PipeTransform } from '@nestjs/common';
import { unknownPaths } from '@troncal/contracts';
import { PermanentError, type Fault } from '@troncal/kernel';
import type { z } from 'zod';

type Part = 'body' | 'query' | 'path';

/** Checks one part of a request against a schema. Every fault is named at once, unknown fields among them. */
class SchemaPipe implements PipeTransform {
  constructor(
    private readonly schema: z.ZodType,
    private readonly part: Part,
  ) {}

  transform(value: unknown): unknown {
    // Fastify gives null for a request without a body, and objects without a prototype for query and path.
    const given: unknown = value === null || value === undefined ? (this.part === 'body' ? undefined : {}) : this.part === 'body' ? value : { ...value };
    const result = this.schema.safeParse(given);
    const faults: Fault[] = result.success
      ? unknownPaths(given, result.data).map((path) => ({ where: pointer(path.split('.')), message: 'This field is not known here.' }))
      : result.error.issues.flatMap(describe);
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
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ where: pointer([...path, key]), message: 'This field is not known here.' }));
  return [{ where: pointer(path), message: issue.message }];
}

/** RFC 6901. */
function pointer(path: readonly string[]): string {
  return path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') || '/';
}
