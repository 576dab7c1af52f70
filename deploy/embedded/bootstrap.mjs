// What every command of this repository does first: fetch npm dependencies, build, and go on under a current Node.
// Runs on Node 20 with nothing installed, so it imports nothing but Node itself.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const STAMP = join(root, 'node_modules', '.troncal-lock');
const OLDEST_NODE = 24;

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const say = (line) => process.stderr.write(`${line}\n`);

/** Whether what npm says it installed is what the lock asks for; lets a developer's own `npm install` count. */
function installedMatchesLock() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const installed = readJson(installedFile).packages;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(
    ([path, entry]) => path === '' || !path.includes('node_modules/') || entry.optional || entry.dev === undefined && entry.link || installed[path]?.version === entry.version,
  );
}

/** Makes node_modules what package-lock.json says; does nothing, and needs no network, when it is already. */
export function ensureDependencies() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return;
  if (!installedMatchesLock()) {
    say('fetching npm dependencies (package-lock.json; once, some 600 MB on disk)…');
    const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const result = spawnSync(npm[0], [...npm.slice(1), 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
    if (result.status !== 0) {
      say('npm ci failed: see above. Without a network, copy node_modules from a machine that has one and try again.');
      process.exit(1);
    }
  }
  writeFileSync(STAMP, hash);
}

/** A Node that can run what we build: this one if it is new enough, else the one in node_modules. */
export function currentNode() {
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return process.execPath;
  const packaged = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  say(`Node ${process.versions.node} is too old and no newer one comes as an npm package for ${process.platform}-${process.arch}: install Node ${OLDEST_NODE} and try again.`);
  process.exit(1);
}

/** Compiles what has changed (tsc -b) of these projects, or of all; a failure ends the process with the compiler's words. */
export function build(projects = []) {
  const result = spawnSync(currentNode(), [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', ...projects], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) {
    say('the build failed: see above');
    process.exit(1);
  }
}

const parentOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) };
  } catch {
    return undefined;
  }
};

/**
 * Calls `onGone` when the npm that runs us was killed outright: it can't tell us, and its shell would wait for us for ever.
 * Run without npm nothing is watched, since a shell may end before what it started in the background.
 */
function watchNpm(onGone) {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  const first = parentOf(shell);
  // npm runs `sh -c node …`; some shells become the command, then npm itself is our parent.
  const viaShell = first !== undefined && /^(ba|da|z)?sh$/.test(first.name);
  const timer = setInterval(() => {
    if (process.ppid === shell && (!viaShell || parentOf(shell)?.parent === first.parent)) return;
    clearInterval(timer);
    onGone();
  }, 500);
  timer.unref();
}

/**
 * Prepares all that is missing, then runs `file` (relative to the repository) under a current Node with our arguments and ends as
 * it ends. `projects` limits the build to what the file needs. The child keeps an IPC channel, so that it notices when this process is killed.
 */
export async function runPrepared(file, args = process.argv.slice(2), projects = []) {
  ensureDependencies();
  build(projects);
  const node = currentNode();
  const env = { ...process.env, PATH: `${dirname(node)}:${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` };
  const child = spawn(node, [join(root, file), ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env });
  // A terminal sends Ctrl-C to the child as well, and it decides when to end; any other sender means only us.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  watchNpm(() => child.kill('SIGTERM'));
  const code = await new Promise((resolve) => child.on('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 1))));
  process.exit(code);
}
