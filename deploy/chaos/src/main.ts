import fs from 'node:fs';
import os from 'node:os';
import { FAULTS } from './faults/catalogue.js';
import type { Fault } from './faults/fault.js';
import { CHAOS_HELP, parseChaosOptions, UsageError, type ChaosOptions } from './options.js';
import { isGreen, markdown, newest, wholeReport, type FaultReport } from './report/report.js';
import { runFault } from './run-fault.js';
import { countOwnCpu, takePrecedence } from './workload/precedence.js';

/** A fault with a planted defect must be red, any other green. */
const asItShould = (report: FaultReport): boolean => (report.planted === null ? isGreen(report) : report.broken === null && !isGreen(report));

async function run(options: ChaosOptions): Promise<number> {
  const chosen = FAULTS.filter((fault) => options.only.length + options.plant.length === 0 || options.only.includes(fault.code) || options.plant.includes(fault.code));
  const first = takePrecedence();
  if (!first) console.error('this run shares the machine with its other work: figures and holes may be the neighbours’');
  const usageFile = countOwnCpu();
  const reports: FaultReport[] = [];
  for (const fault of chosen) reports.push(await one(fault, options, usageFile));
  if (options.report !== undefined) keep(reports, options.report);
  const wrong = reports.filter((report) => !asItShould(report));
  console.log(wrong.length === 0 ? `${reports.length} as they should be` : `${wrong.map((report) => report.code).join(', ')}: not as they should be`);
  return wrong.length === 0 ? 0 : 1;
}

async function one(fault: Fault, options: ChaosOptions, usageFile: string | undefined): Promise<FaultReport> {
  const planted = options.prove || options.plant.includes(fault.code);
  const say = (line: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${fault.code} ${line}`);
  const report = await runFault(fault, { calls: options.calls, planted, keep: options.keep, precedence: true, usageFile, say });
  console.log(markdown(report));
  return report;
}

/** Beside what is there: a list of faults takes long, and may be played in pieces. */
function keep(reports: readonly FaultReport[], file: string): void {
  const data = file.replace(/(\.md)?$/, '.json');
  const earlier = fs.existsSync(data) ? (JSON.parse(fs.readFileSync(data, 'utf8')) as FaultReport[]) : [];
  const all = newest(earlier, reports);
  fs.writeFileSync(file, wholeReport(all, machine()));
  fs.writeFileSync(data, `${JSON.stringify(all, null, 2)}\n`);
}

const machine = (): string => `${os.cpus().length} cores, ${Math.round(os.totalmem() / 1024 ** 3)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 16)}Z`;

try {
  const options = parseChaosOptions(process.argv.slice(2));
  if (options === null) console.log(CHAOS_HELP);
  process.exit(options === null ? 0 : await run(options));
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(error instanceof UsageError ? 2 : 1);
}
