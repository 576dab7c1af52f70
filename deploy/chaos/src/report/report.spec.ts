import { expect, it } from 'vitest';
import { newest, wholeReport, type FaultReport } from './report.js';

const report = (code: string, more: Partial<FaultReport> = {}): FaultReport => ({
  code, what: 'something breaks', planted: null, calls: 20, began: '2026-01-01T00:00:00.000Z', seconds: 60, notes: [], broken: null,
  findings: [
    { rule: 'no call dropped', bound: '0', measured: '0 of 20 calls', ok: true, offenders: [] },
    { rule: 'converged after the fault', bound: '<= 5000 ms', measured: '812 ms', ok: true, offenders: [] },
  ],
  ...more,
});

it('keeps the newest run of each fault, in the order of the list, those with a defect apart', () => {
  const earlier = [report('F10'), report('F2', { calls: 5 }), report('F2', { planted: 'a defect' })];
  expect(newest(earlier, [report('F2')]).map(({ code, planted, calls }) => [code, planted, calls])).toEqual([['F2', null, 20], ['F10', null, 20], ['F2', 'a defect', 20]]);
});

it('tells what came of each in a line, and why one is red', () => {
  const red = report('F4', { findings: [{ rule: 'no call dropped', bound: '0', measured: '2 of 20 calls', ok: false, offenders: ['agent 3: ended'] }] });
  const whole = wholeReport([report('F2'), red, report('F2', { planted: 'a defect', broken: 'it did not start', findings: [] })], 'a machine');
  expect(whole).toContain('| F2 | 2026-01-01T00:00Z | 20 | GREEN | 0 | – | 812 ms |  |');
  expect(whole).toContain('| F4 | 2026-01-01T00:00Z | 20 | RED: no call dropped | 2 |');
  expect(whole).toContain('| F2 | a defect | RED: it did not start |');
});
