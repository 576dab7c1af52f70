import type { z } from 'zod';

/** A message that breaks its contract; `faults` names every one of them as `path: what is wrong`. */
export class ContractError extends Error {
  override readonly name = 'ContractError';

  constructor(
    readonly contract: string,
    readonly faults: readonly string[],
  ) {
    super(`${contract} is not valid: ${faults.join('; ')}`);
  }
}

/** Every fault of a zod error as one line each. */
export function faultsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.length > 0 ? issue.path.map(String).join('.') : '(root)'}: ${issue.message}`);
}

/** Paths that stand in `wire` and were not recognised in `known`. */
export function unknownPaths(wire: unknown, known: unknown, at = ''): string[] {
  if (Array.isArray(wire) && Array.isArray(known)) return wire.flatMap((item, index) => unknownPaths(item, known[index], `${at}[${index}]`));
  if (!isRecord(wire) || !isRecord(known)) return [];
  return Object.entries(wire).flatMap(([key, value]) => {
    const path = at ? `${at}.${key}` : key;
    return key in known ? unknownPaths(value, known[key], path) : [path];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
