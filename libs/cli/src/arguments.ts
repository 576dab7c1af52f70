import { faultsOf } from '@troncal/contracts';
import type { z } from 'zod';
import { CliError, usageError } from './cli-error.js';
import { EXIT } from './exit-codes.js';

/** A `coerce` of yargs for a whole number from `least` to `most`: what else is given is refused before anything is done. */
export const count =
  (name: string, least: number, most: number) =>
  (given: unknown): number => {
    const value = Number(given);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw usageError(`--${name} is ${JSON.stringify(given)}; expected a whole number from ${least} to ${most}`);
  };

/** `NAME=value` pairs as an object. */
export function pairs(name: string, given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usageError(`--${name} is ${JSON.stringify(pair)}; expected NAME=value`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** The value held against a contract's schema; every fault is named. Throws a usage error, so nothing was sent. */
export function checked<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new CliError(EXIT.usage, `${what} is not valid`, undefined, faultsOf(read.error));
}
