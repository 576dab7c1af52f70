import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledCode, unbundledCode, type ServiceCode } from '@troncal/embedded';
import { alternate, table, type Figures } from './figures.js';
import { machine } from './process-cost.js';

// How long a service takes until all its code is loaded: what a caller whose gateway or agent was killed waits for before anything else.
// Each is started without settings, says so and ends; both ways with a warm compile cache, in turn.
const RUNS = Number(process.env['BENCH_RUNS'] ?? 7);
const ROOT = join(import.meta.dirname, '..', '..', '..');
/** Tells what processor time the process has used when it ends. */
const TELL_COST = `data:text/javascript,process.on('exit',()=>console.log(JSON.stringify(process.cpuUsage())))`;

async function start(program: string, compiledDir: string): Promise<Figures> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', TELL_COST, program], { env: { NODE_COMPILE_CACHE: compiledDir }, stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  for await (const chunk of child.stdout) printed += String(chunk);
  const { user, system } = JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '') as NodeJS.CpuUsage;
  return { 'wall ms': performance.now() - began, 'CPU ms': (user + system) / 1_000 };
}

const folder = mkdtempSync(join(tmpdir(), 'troncal-bench-'));
try {
  const ways: Readonly<Record<string, ServiceCode>> = { 'as compiled': unbundledCode(folder), bundled: await bundledCode(ROOT, () => console.error('bundling')) };
  const contenders = ['ari-gateway', 'realtime-voice'].flatMap((name) => Object.entries(ways).map(([way, code]) => [`${name}, ${way}`, () => start(code.main(name), code.compiledDir)] as const));
  // The first start writes the compile cache.
  for (const [, contender] of contenders) await contender();
  console.log(`Loading a service, median of ${RUNS}. ${machine()}\n`);
  console.log(table(await alternate(RUNS, Object.fromEntries(contenders))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
