/** The value below which `share` (0..1) of the samples lie; NaN for none. Nearest rank, no interpolation. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

/** The middle of several runs: what a noisy machine is quoted by. */
export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** The figures of one run, by name; all of one unit per name. */
export type Figures = Readonly<Record<string, number>>;

/**
 * Runs the contenders in turn, A B A B …, so that a machine whose speed drifts treats them alike, and gives each one's median per
 * figure.
 */
export async function alternate(runs: number, contenders: Readonly<Record<string, () => Promise<Figures>>>): Promise<Record<string, Figures>> {
  const seen: Record<string, Figures[]> = {};
  for (let run = 1; run <= runs; run++)
    for (const [name, contender] of Object.entries(contenders)) {
      process.stderr.write(`run ${run} of ${runs}: ${name}\n`);
      (seen[name] ??= []).push(await contender());
    }
  return Object.fromEntries(
    Object.entries(seen).map(([name, all]) => [name, Object.fromEntries(Object.keys(all[0] ?? {}).map((figure) => [figure, median(all.map((one) => one[figure] ?? Number.NaN))]))]),
  );
}

const shown = (value: number): string => (Number.isNaN(value) ? '–' : Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** A table: a row per contender, a column per figure, as Markdown. */
export function table(rows: Readonly<Record<string, Figures>>): string {
  const columns = [...new Set(Object.values(rows).flatMap((figures) => Object.keys(figures)))];
  const cells = [['', ...columns], ...Object.entries(rows).map(([name, figures]) => [name, ...columns.map((column) => shown(figures[column] ?? Number.NaN))])];
  const widths = cells[0]?.map((_cell, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string => `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [line(cells[0] ?? []), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...cells.slice(1).map(line)].join('\n');
}
