#!/usr/bin/env node
// `npm run test:compose`: builds the images, brings docker-compose.yml up as a project of its own, waits until the front door is ready (which asks
// every service) and Asterisk's door is open, and takes it all down again. Ends with what failed and what to do. --keep leaves it running;
// --no-build takes the images that are there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '..', '..');
const [keep, build] = [process.argv.includes('--keep'), !process.argv.includes('--no-build')];
const env = { TRONCAL_HTTP_PORT: '18090', TRONCAL_SIP_PORT: '15060', ...process.env };

function docker(args, quiet = false) {
  const result = spawnSync('docker', args, { cwd: root, env, encoding: 'utf8', stdio: quiet ? 'pipe' : 'inherit' });
  return { ok: result.status === 0, text: `${result.stdout ?? ''}${result.stderr ?? ''}`.trim() };
}
const compose = (args, quiet) => docker(['compose', '-p', 'troncal-test', ...args], quiet);
function stop(what, remedy) {
  console.error(`✗ ${what}\n  ${remedy}`);
  process.exit(1);
}

if (!docker(['info'], true).ok) stop('No Docker engine answers.', 'Start one, or set DOCKER_HOST to its socket.');
if (!docker(['compose', 'version'], true).ok) stop('docker has no compose.', 'Install the compose plug-in.');
spawnSync(process.execPath, [join(import.meta.dirname, 'make-secrets.mjs')], { stdio: 'inherit' });
if (build && !compose(['build', 'nats-setup', 'edge']).ok) stop('The images can\'t be built.', 'The output above says where; the base images must be there or a registry reachable.');

let failure = null;
try {
  if (!compose(['up', '-d', '--no-build']).ok) failure = 'the containers did not start';
  const key = readFileSync(join(import.meta.dirname, 'secrets', 'admin.key'), 'utf8').trim();
  const api = `http://127.0.0.1:${env.TRONCAL_HTTP_PORT}`;
  const deadline = Date.now() + 180_000;
  let last = 'nothing';
  while (failure === null) {
    last = await fetch(`${api}/health/ready`).then(async (answer) => (answer.ok ? 'ready' : `${answer.status} ${await answer.text()}`), (error) => String(error.cause ?? error));
    if (last === 'ready') break;
    if (Date.now() > deadline) failure = `the front door is not ready after 3 minutes: ${last}`;
    await sleep(1_000);
  }
  if (failure === null) {
    console.log('✓ every service is ready');
    const answer = await fetch(`${api}/api/tenants`, { headers: { authorization: `Bearer ${key}` } });
    if (answer.ok) console.log('✓ the API answers the administrator\'s key');
    else failure = `GET /api/tenants answered ${answer.status}: ${await answer.text()}`;
  }
} finally {
  if (failure !== null) {
    compose(['ps', '-a']);
    compose(['logs', '--tail', '15']);
  }
  if (!keep) compose(['down', '-v', '--timeout', '20'], true);
}
if (failure !== null) stop(failure, 'The logs above say more; --keep leaves the containers for a closer look.');
console.log('✓ compose stands');
