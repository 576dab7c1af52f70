import { expect, it } from 'vitest';
import { F17 } from '../../src/faults/f17-disorder.js';
import { isGreen, markdown } from '../../src/report/report.js';
import { runFault } from '../../src/run-fault.js';

/** Nothing that is timed: a test run shares the machine. */
const fault = { ...F17, bounds: { anyOrder: true, convergedMs: 60_000 } };

/** The slice of `npm run chaos` that every test run takes: the whole harness, on a Troncal of its own, with the fault that kills nobody. */
it('a run of F17 with five live calls is green, and judged by every rule', async () => {
  const report = await runFault(fault, { calls: 5, planted: false, keep: false, precedence: false, say: () => {} });
  // The whole report is what a failure has to show.
  if (!isGreen(report)) throw new Error(markdown(report));
  expect(report.findings.length).toBeGreaterThanOrEqual(10);
}, 120_000);
