#!/usr/bin/env node
// Everything that `npm run lint` checks: oxlint with types, import rules, project tags. Fails on the first tool that saw nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tagViolations } from './boundaries/project-tags.mjs';

const root = join(import.meta.dirname, '..');
const FOLDERS = ['libs', 'services', 'deploy', 'asterisk', 'tools'];
let failed = false;

function run(title, command, args, options = {}) {
  const result = spawnSync(join(root, 'node_modules', '.bin', command), args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 27, ...options });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim();
  if (result.status !== 0) {
    failed = true;
    console.error(`✗ ${title}\n${output}`);
  } else console.log(`✓ ${title}`);
  return output;
}

run('oxlint, type-aware', 'oxlint', ['--type-aware', '--deny-warnings', ...FOLDERS]);
const cruised = run('import rules', 'depcruise', ['--config', '.dependency-cruiser.mjs', ...FOLDERS.slice(0, 4)]);
if (/\(0 modules/.test(cruised)) {
  failed = true;
  console.error('✗ import rules: dependency-cruiser read no module, so it proved nothing (is @swc/core installed?)');
}
const folder = mkdtempSync(join(tmpdir(), 'troncal-graph-'));
run('project graph', 'nx', ['graph', `--file=${join(folder, 'graph.json')}`]);
const { graph } = JSON.parse(readFileSync(join(folder, 'graph.json'), 'utf8'));
rmSync(folder, { recursive: true });
const faults = tagViolations({ nodes: graph.nodes, dependencies: graph.dependencies });
for (const fault of faults) console.error(`✗ ${fault}`);
if (faults.length === 0) console.log(`✓ project tags (${Object.keys(graph.nodes).length} projects)`);
process.exit(failed || faults.length > 0 ? 1 : 0);
