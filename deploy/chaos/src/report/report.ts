import type { Finding } from '../judge/evidence.js';

/** How one fault went. */
export interface FaultReport {
  readonly code: string;
  readonly what: string;
  /** The deliberate defect it was run with; null for a run that counts. */
  readonly planted: string | null;
  readonly calls: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  /** Why it could not be judged at all; null when it was. */
  readonly broken: string | null;
}

/** Green: judged, and everything that was asked holds. */
export const isGreen = (report: FaultReport): boolean => report.broken === null && report.findings.every((finding) => finding.ok);

/** One fault as Markdown that a stranger understands. */
export function markdown(report: FaultReport): string {
  const { code, what, planted, calls, seconds, findings, notes, broken } = report;
  const head = [`## ${code} ${isGreen(report) ? 'GREEN' : 'RED'}`, '', `${what}. ${calls} live calls, ${Math.round(seconds)} s.`, ...(planted === null ? [] : ['', `With a planted fault: ${planted}.`])];
  const rows = findings.map(({ rule, bound, measured, ok }) => `| ${rule} | ${bound} | ${measured} | ${ok ? 'holds' : '**BROKEN**'} |`);
  const table = findings.length === 0 ? [] : ['', '| asked | bound | measured | |', '|---|---|---|---|', ...rows];
  const offenders = findings.filter((finding) => !finding.ok).flatMap(({ rule, offenders: each }) => ['', `${rule}:`, ...each.map((line) => `- ${line}`)]);
  const rest = [...(broken === null ? [] : ['', `It could not be judged: ${broken}`]), ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)])];
  return [...head, ...table, ...offenders, ...rest, ''].join('\n');
}

/** All faults in one table, then each by itself. */
export function wholeReport(reports: readonly FaultReport[], machine: string): string {
  const rows = reports.map((report) => `| ${report.code} | ${report.what} | ${report.planted ?? '–'} | ${isGreen(report) ? 'GREEN' : `RED: ${whyRed(report)}`} |`);
  return ['# Chaos: core', '', machine, '', '| fault | what was done | planted | verdict |', '|---|---|---|---|', ...rows, '', ...reports.map(markdown)].join('\n');
}

function whyRed({ broken, findings }: FaultReport): string {
  return broken ?? findings.filter((finding) => !finding.ok).map((finding) => finding.rule).join('; ');
}
