#!/usr/bin/env node
// `npm test`: lint, types of the specs, generated documents, then the specs beside the code, then those against one running Troncal.
// Ends with one line, `N passed, N failed`; every check that is no spec counts as one.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'troncal-test-'));
const only = process.argv.slice(2);
let passed = 0;
let failed = 0;

const run = (args) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' } });
    child.on('exit', (status) => resolve(status ?? 1));
  });

async function check(title, ...args) {
  const began = performance.now();
  const status = await run(args);
  if (status === 0) passed++;
  else failed++;
  console.log(`${status === 0 ? '✓' : '✗'} ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}

async function specs(project) {
  const file = join(folder, `${project}.json`);
  const status = await run([join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...only]);
  let report = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // No report means that the runner itself died; its status says so below.
  }
  passed += report.numPassedTests;
  // A skipped spec proves nothing, and a run can fail with no failed spec (a set-up, an unhandled error).
  const bad = report.numFailedTests + report.numPendingTests;
  failed += bad > 0 ? bad : status === 0 ? 0 : 1;
  if (report.numPassedTests + bad === 0) {
    console.log(`✗ ${project}: no spec ran`);
    if (status === 0) failed++;
  }
}

if (only.length === 0) {
  await check('lint and boundaries', join(root, 'tools/lint.mjs'));
  await check('types of the specs', join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.specs.json');
  await check('docs/events is up to date', join(root, 'tools/docs.mjs'), '--check');
}
await specs('unit');
await specs('stack');
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
