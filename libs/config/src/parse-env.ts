import { readFileSync } from 'node:fs';
import { errorText, PermanentError, type Fault } from '@troncal/kernel';
import { z } from 'zod';
import { expectation, isSecret } from './env-fields.js';

/** Environment variables as process.env has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The settings are wrong; `faults` names each one. The process can't start with them. */
export class ConfigError extends PermanentError {
  constructor(faults: readonly Fault[]) {
    const lines = faults.map((fault) => `  ${fault.where}: ${fault.message}`);
    super('bad_config', `${faults.length} wrong setting${faults.length === 1 ? '' : 's'} in the environment:\n${lines.join('\n')}`, {
      faults,
      remedy: 'Set the variables named above and start again.',
    });
  }
}

/**
 * Reads settings from environment variables. All faults are reported in one ConfigError, each with the variable's name, what it
 * held (never for a secret) and what is expected. A variable that is set but empty counts as not set, as Compose files leave them.
 * A secret may come as NAME_FILE instead: the path of a file whose content is the value (a final newline is dropped).
 */
export function parseEnv<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, env: Env): z.output<z.ZodObject<Shape>> {
  const faults: Fault[] = [];
  const given: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const value = isSecret(field) ? secretValue(name, env, faults) : env[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const known = new Set(faults.map((fault) => fault.where));
    faults.push(...describeIssues(parsed.error.issues, schema, given).filter((fault) => !known.has(fault.where)));
  }
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults);
  return parsed.data;
}

function describeIssues(issues: readonly z.core.$ZodIssue[], schema: z.ZodObject, given: Readonly<Record<string, string>>): Fault[] {
  const faults = new Map<string, Fault>();
  for (const issue of issues) {
    const name = String(issue.path[0] ?? 'the settings together');
    if (faults.has(name)) continue;
    const field = schema.shape[name];
    const expected = (field && expectation(field)) ?? issue.message;
    faults.set(name, { where: name, message: `${got(name, field, given)}; expected ${expected}.` });
  }
  return [...faults.values()];
}

function got(name: string, field: z.core.$ZodType | undefined, given: Readonly<Record<string, string>>): string {
  const value = given[name];
  if (value === undefined) return field && isSecret(field) ? `not set (nor ${name}_FILE)` : 'not set';
  return field && isSecret(field) ? 'set, but unfit (not shown: it is a secret)' : `got ${JSON.stringify(value)}`;
}

function secretValue(name: string, env: Env, faults: Fault[]): string | undefined {
  const path = env[`${name}_FILE`];
  if (path === undefined || path === '') return env[name];
  if (env[name] !== undefined && env[name] !== '') {
    faults.push({ where: name, message: `both ${name} and ${name}_FILE are set; expected one of them.` });
    return undefined;
  }
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    faults.push({ where: name, message: `${name}_FILE can't be read: ${errorText(error)}; expected the path of a readable file.` });
    return undefined;
  }
}
