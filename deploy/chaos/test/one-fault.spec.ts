import { expect, it } from 'vitest';
import { F17 } from '../src/faults/f17-disorder.js';
import { isGreen, markdown } from '../src/report/report.js';
import { runFault } from '../src/run-fault.js';

/** The slice of `npm run chaos` that every test run takes: the whole harness, on a Troncal of its own, with the fault that kills nobody. */
it('a run of F17 with five live calls is green, and judged by every rule', async () => {
  const report = await runFault(F17, { calls: 5, planted: false, keep: false, say: () => {} });
  // The whole report is what a failure has to show.
  if (!isGreen(report)) throw new Error(markdown(report));
  expect(report.findings.length).toBeGreaterThanOrEqual(11);
}, 120_000);
