import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ASTERISK_ENVIRONMENT, asteriskCommand, renderEdge, stateDirs } from '@troncal/asterisk';
import { parseEnv } from '@troncal/config';
import { ensurePart } from '@troncal/parts';
import { drainEdge } from './drain.js';
import { drainMarker } from './drain-marker.js';
import { edgeValues } from './edge-values.js';
import { edgeEnv } from './settings.js';

// The edge's container: renders the configuration afresh, runs Asterisk, and lets calls end when it is stopped.
// `edge.js drain` is Kubernetes' preStop: it returns when the last call ended or DRAIN_SECONDS are over.
const settings = parseEnv(edgeEnv, process.env);
const part = await ensurePart('asterisk', { env: { ...process.env, TRONCAL_ASTERISK_ROOT: settings.TRONCAL_ASTERISK_ROOT } });
const remote = [...part.command, '-C', path.join(settings.ETC_DIR, 'asterisk.conf'), '-rx'];

/** The marker first: a probe that asks from now on hears that no new call is wanted. */
async function drain(): Promise<void> {
  fs.writeFileSync(drainMarker(settings.ETC_DIR), '');
  await drainEdge(remote, settings.DRAIN_SECONDS * 1000);
}

if (process.argv[2] === 'drain') {
  await drain();
  process.exit(0);
}

const values = edgeValues(settings, part);
renderEdge(values, settings.ETC_DIR);
if (settings.DAHDI) {
  fs.appendFileSync(path.join(settings.ETC_DIR, 'modules.conf'), '\nload = chan_dahdi.so\n');
  fs.copyFileSync(settings.DAHDI_CONFIG, path.join(settings.ETC_DIR, 'chan_dahdi.conf'));
}
fs.rmSync(drainMarker(settings.ETC_DIR), { force: true });
// A killed Asterisk leaves its control socket; with it a second one would think that the first still runs.
fs.rmSync(path.join(stateDirs(values).run, 'asterisk.ctl'), { force: true });

const [program = '', ...args] = asteriskCommand(part, settings.ETC_DIR);
const asterisk = spawn(program, args, { env: ASTERISK_ENVIRONMENT, stdio: ['ignore', 'inherit', 'inherit'] });
asterisk.on('error', (error) => {
  console.error(`Asterisk can't be started: ${error.message}`);
  process.exit(1);
});
asterisk.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' ? 0 : 1)));
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // A second signal is impatience.
    if (stopping) asterisk.kill('SIGTERM');
    else void drain().finally(() => asterisk.kill('SIGTERM'));
    stopping = true;
  });
}
