import { parseArgs } from 'node:util';
import { FAULT_CODES } from './faults/catalogue.js';
import type { FaultCode } from './faults/fault.js';

export interface ChaosOptions {
  readonly calls: number;
  /** Which faults; all when absent. */
  readonly only: readonly FaultCode[];
  /** Those that run with their deliberate defect, and are then expected to be red. */
  readonly plant: readonly FaultCode[];
  /** Every fault with its defect; passes when each is red. */
  readonly prove: boolean;
  /** Where the report goes, Markdown, and beside it as JSON. */
  readonly report: string | undefined;
  readonly keep: boolean;
}

export const CHAOS_HELP = `Usage: npm run chaos -- core [options]

Starts a Troncal of its own, holds live calls on it, breaks it in one way at a time, and judges from the
event log, the telephones, Asterisk, the API and the database whether everything that was promised was kept.

  --calls <n>          live calls (default 20)
  --only <F4,F6>       these faults only (${FAULT_CODES.join(', ')})
  --plant <F4>         this fault with its deliberate defect: must turn red
  --prove              every fault with its defect; passes when each one turned red
  --report <file.md>   writes the report there, and beside it as .json; what stands there of other faults stays
  --keep               leaves the state folder of a red run for looking into

Exit codes: 0 as it should be, 1 not, 2 wrong use.
`;

/** A wrong option; the message says which and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the command line; null when help was asked for. @throws UsageError */
export function parseChaosOptions(argv: readonly string[]): ChaosOptions | null {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { calls: text, only: text, plant: text, prove: flag, report: text, keep: flag, help: { ...flag, short: 'h' } } });
  if (values.help) return null;
  if (positionals.join(' ') !== 'core') throw new UsageError(`which list of faults? There is one: npm run chaos -- core`);
  const calls = Number(values.calls ?? 20);
  if (!Number.isInteger(calls) || calls < 5 || calls > 200) throw new UsageError(`--calls wants a whole number from 5 to 200, not ${values.calls}`);
  return { calls, only: codes('--only', values.only), plant: codes('--plant', values.plant), prove: values.prove ?? false, report: values.report, keep: values.keep ?? false };
}

function codes(option: string, value: string | undefined): FaultCode[] {
  const names = (value ?? '').split(',').map((name) => name.trim().toUpperCase()).filter((name) => name !== '');
  return names.map((name) => {
    const known = FAULT_CODES.find((code) => code === name);
    if (known === undefined) throw new UsageError(`${option} wants some of ${FAULT_CODES.join(', ')}, not ${name}`);
    return known;
  });
}
