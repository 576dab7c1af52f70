import type { Finding } from '../judge/evidence.js';

/** How one fault went. */
export interface FaultReport {
  readonly code: string;
  readonly what: string;
  /** The deliberate defect it was run with; null for a run that counts. */
  readonly planted: string | null;
  readonly calls: number;
  /** When it began, as ISO 8601. */
  readonly began: string;
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

/** What earlier runs and this one have come to: of each fault, with and without its defect, the newest. */
export function newest(earlier: readonly FaultReport[], now: readonly FaultReport[]): FaultReport[] {
  const key = ({ code, planted }: FaultReport): string => `${planted === null ? 'counts' : 'planted'} ${code.replace(/\d+/, (digits) => digits.padStart(2, '0'))}`;
  const all = new Map([...earlier, ...now].map((report) => [key(report), report]));
  return [...all].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, report]) => report);
}

/** All faults in one table, then those with a planted defect in another, then each by itself. */
export function wholeReport(reports: readonly FaultReport[], machine: string): string {
  const [counts, planted] = [reports.filter((report) => report.planted === null), reports.filter((report) => report.planted !== null)];
  return ['# Chaos: core', '', machine, ...outcomes(counts), ...defects(planted), '', ...reports.map(markdown)].join('\n');
}

function outcomes(reports: readonly FaultReport[]): string[] {
  if (reports.length === 0) return [];
  const rows = reports.map((report) => `| ${report.code} | ${report.began.slice(0, 16)}Z | ${report.calls} | ${verdict(report)} | ${measured(report, 'no call dropped').replace(/ of .*/, '')} | ${measured(report, 'longest hole')} | ${measured(report, 'converged')} | ${own(report)} |`);
  return ['', '| fault | run at | live calls | verdict | dropped | longest hole | whole again after | of its own |', '|---|---|---|---|---|---|---|---|', ...rows];
}

function defects(reports: readonly FaultReport[]): string[] {
  if (reports.length === 0) return [];
  const rows = reports.map((report) => `| ${report.code} | ${report.planted ?? ''} | ${verdict(report)} |`);
  return ['', '| fault | planted defect | verdict |', '|---|---|---|', ...rows];
}

const verdict = (report: FaultReport): string => (isGreen(report) ? 'GREEN' : `RED: ${whyRed(report)}`);
const measured = ({ findings }: FaultReport, rule: string): string => findings.find((finding) => finding.rule.startsWith(rule))?.measured ?? '–';

function own({ findings }: FaultReport): string {
  const after = findings.findIndex((finding) => finding.rule.startsWith('converged'));
  const arrivals = findings.filter((finding) => finding.rule.startsWith('new callers served'));
  return [...arrivals, ...findings.slice(after + 1)].map(({ rule, measured: value, bound }) => `${rule}: ${value} (${bound})`).join('; ');
}

function whyRed({ broken, findings }: FaultReport): string {
  return broken ?? findings.filter((finding) => !finding.ok).map((finding) => finding.rule).join('; ');
}
