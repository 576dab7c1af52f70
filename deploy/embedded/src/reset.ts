import fs from 'node:fs';
import { ChildRegistry } from './child-registry.js';
import { AlreadyRunningError, runningLauncher } from './launcher-lock.js';
import { stateLayout } from './state-layout.js';

/**
 * Forgets everything of a state folder: data, recordings, keys, logs. Fetched programs stay in the shared cache. What an
 * unclean death left running is stopped first.
 * @returns the folders that were removed
 * @throws AlreadyRunningError while a launcher runs; Error when the folder doesn't look like a state folder
 */
export async function resetState(stateDir: string): Promise<string[]> {
  const layout = stateLayout(stateDir);
  const launcher = runningLauncher(layout.lockFile);
  if (launcher) throw new AlreadyRunningError(launcher.pid);
  const present = [stateDir, layout.traversableDir].filter((folder): folder is string => folder !== null && fs.existsSync(folder));
  // --state-dir is typed by people: a wrong folder must not be emptied.
  if (fs.existsSync(stateDir) && fs.readdirSync(stateDir).length > 0 && !fs.existsSync(layout.secretsDir) && !fs.existsSync(layout.stateFile)) {
    throw new Error(`${stateDir} holds no Troncal (neither state.json nor secrets), so it is not touched.`);
  }
  if (fs.existsSync(layout.childrenFile)) await new ChildRegistry(layout.childrenFile).stopLeftovers();
  for (const folder of present) fs.rmSync(folder, { recursive: true, force: true });
  return present;
}
