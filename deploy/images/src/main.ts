import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { OwnApi, seedDemo } from '@troncal/embedded';
import { cacheDirOf, ensurePart } from '@troncal/parts';
import { chooseBases } from './bases.js';
import { ComposeProject } from './compose-project.js';
import { findEngine, NoEngineError } from './engine.js';

const HELP = `Usage: npm run test:compose [-- options]

Builds the images, brings docker-compose.yml up as a project of its own, places the first call, kills services in mid-call, drains
the edge, and runs the suites that want a container of their own. Needs a Docker engine.

  --private-engine   start one for this run only (root; Debian's docker.io)
  --offline-bases    make the base images here, even if a registry can be reached
  --public-bases     take the public ones or fail
  --no-build         take the images of the last run
  --keep             leave the containers running`;

const ROOT = path.join(import.meta.dirname, '..', '..', '..');
const began = performance.now();
const say = (line: string): void => console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`);

const { values } = parseArgs({
  options: { 'private-engine': { type: 'boolean' }, 'offline-bases': { type: 'boolean' }, 'public-bases': { type: 'boolean' }, 'no-build': { type: 'boolean' }, keep: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

/** Runs a program of this repository; its words are ours. */
function run(title: string, args: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env, FORCE_COLOR: '0', NO_COLOR: '1' }, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${title} failed; see above`))));
  });
}

async function testCompose(): Promise<void> {
  const cacheDir = cacheDirOf({});
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-compose-'));
  const logFile = path.join(folder, 'docker.log');
  const engine = await findEngine(process.env, values['private-engine'] ?? false, path.join(cacheDir, 'docker-engine'));
  let project: ComposeProject | null = null;
  let stands = false;
  try {
    say(engine.description);
    const wanted = values['public-bases'] ? 'public' : values['offline-bases'] ? 'offline' : 'whichever';
    const bases = await chooseBases(wanted, { env: engine.env, logFile }, cacheDir, say);
    say(`base images: ${Object.values(bases).join(', ')}`);
    project = await ComposeProject.prepare(folder, engine.env, bases, logFile);
    await project.down();
    if (!values['no-build']) await project.build(bases);
    for (const line of await project.sizes()) say(`image ${line}`);
    await project.up();
    say('every service is ready, the edge attached');

    const key = fs.readFileSync(project.apiKeyFile, 'utf8').trim();
    const demo = await seedDemo(new OwnApi(project.url, key), path.join(folder, 'accounts.json'));
    const stateFile = path.join(folder, 'state.json');
    fs.writeFileSync(stateFile, JSON.stringify(project.state(demo, (await ensurePart('espeak')).command)), { mode: 0o600 });
    say('the first call: troncal call demo');
    await run('the first call', ['libs/cli/dist/main.js', 'call', 'demo', '--state', stateFile], {});
    // testcontainers' reaper is an image of a registry.
    const env = { ...project.env, TRONCAL_STACK_STATE: stateFile, ...(bases.offline === 'scratch' ? {} : { TESTCONTAINERS_RYUK_DISABLED: 'true' }) };
    for (const name of ['compose', 'containers']) {
      say(`vitest run --project ${name}`);
      await run(`vitest's project ${name}`, ['node_modules/vitest/vitest.mjs', 'run', '--project', name, '--reporter=verbose'], env);
    }
    say('compose stands');
    stands = true;
  } catch (error) {
    await project?.tellWhatFailed();
    throw new Error(`${(error as Error).message}\nAll that docker said, and the services' last words, are in ${logFile}`, { cause: error });
  } finally {
    if (!values.keep) {
      try {
        await project?.down();
      } finally {
        await engine.stop();
      }
      if (stands) fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

try {
  await testCompose();
} catch (error) {
  console.error(`✗ ${(error as Error).message}`);
  process.exitCode = error instanceof NoEngineError ? 2 : 1;
}
