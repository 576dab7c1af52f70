import { readFileSync } from 'node:fs';
import { faultsOf } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
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

/** What stands in a file, or comes by standard input for `-`. @throws CliError when it can't be read */
export function textIn(file: string, remedy: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw usageError(`${file} can’t be read: ${errorText(error)}`, remedy);
  }
}

/** The value held against a contract's schema; every fault is named. Throws a usage error, so nothing was sent. */
export function checked<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new CliError(EXIT.usage, `${what} is not valid`, undefined, faultsOf(read.error));
}
