#!/usr/bin/env node
// `npm test`: the specs beside the code; meanwhile the specs against one running Troncal and then those that start one of their own. Both sides wait
// as much as they work, so they run at once; more at once makes telephones stutter on two cores. Lint, types of the specs and generated documents
// have what both leave over. What the first side prints is seen at once, the others' after it.
// Ends with one line, `N passed, N failed`; every check that is no spec counts as one.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { freemem, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 6 * 2 ** 30;

/**
 * Where the servers of the run keep their files: in memory where there is plenty. Dozens of them sync after every event, as they do where it
 * matters; a disk that takes a second for that lets telephones and deadlines wait. No spec pulls a plug, so none needs the disk.
 */
function scratch() {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ENOUGH_BYTES && freemem() > ENOUGH_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

const folder = mkdtempSync(join(scratch(), 'troncal-test-'));
const running = new Set();
let stopping = false;
// Also after Ctrl-C: nobody else gives the memory back, and npm tells only us.
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const stop = () => {
  stopping = true;
  const ends = [...running].map((child) => new Promise((ended) => child.once('exit', ended).kill('SIGTERM')));
  void Promise.all(ends).then(() => process.exit(1));
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
// PostgreSQL does not run as root, and has to get through to its own.
chmodSync(folder, 0o711);
// `npm run proofs` comes here too (tools/proofs.mjs).
const proofs = process.argv[2] === '--proofs';
const only = process.argv.slice(proofs ? 3 : 2);
// The services' programs, made once for all who start services (libs/testing/src/programs-setup.ts).
const programs = execFileSync(process.execPath, [join(root, 'deploy/embedded/dist/bundle/main.js')], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' }).trim();
let passed = 0;
let failed = 0;

/** Checks compute all the time, and would make the telephones of the specs beside them stutter: they get what those leave over. */
const CHECKS_NICENESS = 19;

const run = (args, output, niceness = 0) =>
  new Promise((resolve) => {
    if (stopping) return;
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', output, output], env: { ...process.env, TMPDIR: folder, FORCE_COLOR: '0', NO_COLOR: '1', TRONCAL_TEST_BUNDLE: programs } });
    if (child.pid !== undefined && niceness > 0) setPriority(child.pid, niceness);
    running.add(child);
    child.on('exit', (status) => {
      running.delete(child);
      resolve(status ?? 1);
    });
  });

async function check(output, title, ...args) {
  const began = performance.now();
  const status = await run(args, output, CHECKS_NICENESS);
  if (status === 0) passed++;
  else failed++;
  return `${status === 0 ? '✓' : '✗'} ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`;
}

async function specs(project, output) {
  const file = join(folder, `${project}.json`);
  const status = await run([join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...(only.length > 0 ? ['--passWithNoTests'] : []), ...only], output);
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
  if (report.numPassedTests + bad > 0 || only.length > 0) return '';
  if (status === 0) failed++;
  return `✗ ${project}: no spec ran`;
}

async function checks(output) {
  if (only.length > 0) return [];
  return [
    await check(output, 'lint and boundaries', join(root, 'tools/lint.mjs')),
    await check(output, 'types of the specs', join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.specs.json'),
    await check(output, 'docs/events is up to date', join(root, 'tools/docs.mjs'), '--check'),
  ];
}

const besideUnit = async (output) => [await specs('stack', output), await specs('own', output)];

/** Runs what prints into a file; gives its lines of result, and what it printed. */
async function apart(name, side) {
  const printed = join(folder, `${name}.txt`);
  const output = openSync(printed, 'w');
  const lines = await side(output);
  closeSync(output);
  return { lines, printed: readFileSync(printed) };
}

const sides = proofs ? [] : [apart('checks', checks), apart('beside', besideUnit)];
const first = await specs(proofs ? 'proofs' : 'unit', 'inherit');
const apartFromIt = await Promise.all(sides);
for (const { printed } of apartFromIt) process.stdout.write(printed);
for (const line of [first, ...apartFromIt.flatMap(({ lines }) => lines)]) if (line !== '') console.log(line);
// Asked for something that is nowhere: a slip of the pen must not look like success.
if (passed + failed === 0) {
  failed = 1;
  console.log(`✗ no spec has ${only.join(' or ')} in its path`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
