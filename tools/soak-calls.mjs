#!/usr/bin/env node
// `npm run soak:calls -- [--runs N] [--seed S]`: random walks of telephones, verbs of call control and deaths of the gateway on a real Asterisk, the
// long form of walks.spec.ts. A walk that leaves something behind fails it, with the seed and all steps; the same seed walks the same way again.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' }, seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) } } });
for (const [name, value] of Object.entries(values)) {
  if (!/^[1-9][0-9]{0,9}$/.test(value)) {
    console.error(`--${name} is ${JSON.stringify(value)}; expected a whole number from 1`);
    process.exit(2);
  }
}
const run = (command, args, env = {}) => spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;

console.log(`soak: ${values.runs} walks, seed ${values.seed}`);
const built = run('npx', ['tsc', '-b', 'services/ari-gateway']);
const status = built || run('npx', ['vitest', 'run', '--project', 'unit', 'services/ari-gateway/src/calls/control/walks.spec.ts'], { SOAK_RUNS: values.runs, SOAK_SEED: values.seed });
console.log(status === 0 ? `soak: nothing was left behind in ${values.runs} walks` : `soak: FAILED; again with: npm run soak:calls -- --runs ${values.runs} --seed ${values.seed}`);
process.exit(status);
