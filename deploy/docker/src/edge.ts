import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ASTERISK_ENVIRONMENT, asteriskCommand, renderEdge, stateDirs } from '@troncal/asterisk';
import { parseEnv } from '@troncal/config';
import { errorText, PermanentError } from '@troncal/kernel';
import { ensurePart, type AsteriskPart } from '@troncal/parts';
import { drainEdge } from './drain.js';
import { drainMarker } from './drain-marker.js';
import { folderEnvironment } from './edge-folder.js';
import { sipPortTaken, tellWhenUp } from './edge-up.js';
import { edgeValues } from './edge-values.js';
import { edgeEnv, type EdgeSettings } from './settings.js';

// One edge: renders the configuration afresh, runs Asterisk, and lets calls end when it is stopped. In a container the settings are its environment;
// outside one, `--folder` names what `troncal edges add` wrote.
// `edge.js drain` is Kubernetes' preStop: it returns when the last call ended or DRAIN_SECONDS are over.
try {
  await main();
} catch (error) {
  console.error(error instanceof PermanentError ? `${error.message} ${error.remedy ?? ''}` : errorText(error));
  process.exit(1);
}

async function main(): Promise<void> {
  const { values: options, positionals } = parseArgs({ options: { folder: { type: 'string' } }, allowPositionals: true });
  const env = options.folder === undefined ? process.env : folderEnvironment(options.folder, process.env);
  const settings = parseEnv(edgeEnv, env);
  const part = await ensurePart('asterisk', {
    env: options.folder === undefined ? { ...env, TRONCAL_ASTERISK_ROOT: settings.TRONCAL_ASTERISK_ROOT } : env,
    onProgress: (line) => console.log(line),
  });
  const drain = drainOf(settings, part);
  if (positionals[0] !== 'drain') return run(settings, part, drain);
  await drain();
  process.exit(0);
}

/** The marker first: a probe that asks from now on hears that no new call is wanted. */
function drainOf(settings: EdgeSettings, part: AsteriskPart): () => Promise<void> {
  const remote = [...part.command, '-C', path.join(settings.ETC_DIR, 'asterisk.conf'), '-rx'];
  return async () => {
    fs.writeFileSync(drainMarker(settings.ETC_DIR), '');
    await drainEdge(remote, settings.DRAIN_SECONDS * 1000);
  };
}

async function run(settings: EdgeSettings, part: AsteriskPart, drain: () => Promise<void>): Promise<void> {
  const taken = await sipPortTaken(settings);
  if (taken !== undefined) throw new Error(taken);
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
  const stop = (): void => {
    // A second signal is impatience.
    if (stopping) asterisk.kill('SIGTERM');
    else {
      console.log(`The edge ${settings.EDGE_ID} takes no new calls and ends with its last one, after ${settings.DRAIN_SECONDS} s at the latest, or when it is asked again.`);
      void drain().finally(() => asterisk.kill('SIGTERM'));
    }
    stopping = true;
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  // Started by npm, which was killed outright.
  if (process.send) process.once('disconnect', stop);
  void tellWhenUp(settings, values, part.version);
}
