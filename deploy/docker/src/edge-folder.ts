import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of an edge outside a container, from the folder that `troncal edges add --folder` wrote: `edge.env` and `secrets/`. What Asterisk writes
 * goes there too. The process's own environment has the last word: `SIP_PORT=5070 npm run edge -- --folder edge-2`.
 * @throws Error that says how such a folder is made
 */
export function folderEnvironment(folder: string, own: Environment): Record<string, string | undefined> {
  const root = path.resolve(folder);
  let text: string;
  try {
    text = fs.readFileSync(path.join(root, 'edge.env'), 'utf8');
  } catch (cause) {
    throw new Error(`${path.join(root, 'edge.env')} can't be read. Make the folder with: troncal edges add NAME --ari http://127.0.0.1:8089 --ami-port 5039 --folder ${folder}`, { cause });
  }
  return {
    SECRETS_DIR: path.join(root, 'secrets'),
    ETC_DIR: path.join(root, 'run', 'etc'),
    STATE_DIR: path.join(root, 'state'),
    SOUNDS_DIR: path.join(root, 'sounds'),
    ...parseEnv(text),
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
  };
}
