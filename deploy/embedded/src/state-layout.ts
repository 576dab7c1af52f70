import fs from 'node:fs';
import path from 'node:path';
import { numbered } from './ports.js';
import { isRoot, makeTraversable, sweepTraversable, traversableDirFor } from '@troncal/parts';

/** Where what lies in a clone's state folder. All paths absolute. */
export interface StateLayout {
  readonly stateDir: string;
  readonly logsDir: string;
  /** 0700: secrets.json, admin.key, api-keys.json, credentials.key. */
  readonly secretsDir: string;
  readonly secretsFile: string;
  readonly adminKeyFile: string;
  readonly apiKeysFile: string;
  readonly credentialsKeyFile: string;
  readonly stateFile: string;
  readonly portsFile: string;
  readonly childrenFile: string;
  readonly lockFile: string;
  /** Which edges the launcher declared. */
  readonly edgesFile: string;
  readonly demoFile: string;
  readonly natsDir: string;
  readonly asteriskDir: string;
  /** Where Asterisk records; `recordings` in the state folder leads to it. */
  readonly recordingsDir: string;
  readonly soundsDir: string;
  readonly journalDir: string;
  /** The last known state of Twilio's voice directory. */
  readonly voiceDir: string;
  readonly promptCacheDir: string;
  /** What V8 has compiled of our code: a process that is replaced is back sooner. */
  readonly compiledDir: string;
  /** PostgreSQL's data. For root outside the state folder, which `nobody` can't enter. */
  readonly postgresDataDir: string;
  /** For root, and for paths that Asterisk's configuration can't hold: this state's folder below /var/tmp, which reset removes. */
  readonly traversableDir: string | null;
}

/** Names the places; makes nothing. */
export function stateLayout(stateDir: string): StateLayout {
  const at = (...names: string[]): string => path.join(stateDir, ...names);
  const plain = /^[^\s;{},"'\\$]+$/.test(stateDir);
  const traversableDir = isRoot() || !plain ? traversableDirFor(stateDir) : null;
  const edge = (name: string): string => path.join(plain || !traversableDir ? stateDir : path.join(traversableDir, LINK), name);
  return {
    stateDir,
    logsDir: at('logs'),
    secretsDir: at('secrets'),
    secretsFile: at('secrets', 'secrets.json'),
    adminKeyFile: at('secrets', 'admin.key'),
    apiKeysFile: at('secrets', 'api-keys.json'),
    credentialsKeyFile: at('secrets', 'credentials.key'),
    stateFile: at('state.json'),
    portsFile: at('ports.json'),
    childrenFile: at('children.json'),
    lockFile: at('launcher.json'),
    edgesFile: at('edges.json'),
    demoFile: at('secrets', 'demo-accounts.json'),
    natsDir: at('nats'),
    asteriskDir: edge('asterisk'),
    recordingsDir: edge('asterisk/spool/recording'),
    soundsDir: edge('sounds'),
    journalDir: at('journal'),
    voiceDir: at('voice'),
    promptCacheDir: at('prompts'),
    compiledDir: at('compiled'),
    postgresDataDir: path.join(traversableDir ?? stateDir, 'postgres'),
    traversableDir,
  };
}

/** Leads from the folder below /var/tmp to the state folder. */
const LINK = 'state';

/** Makes the folders; only the owner may enter them, since logs and recordings hold people's words. */
export function makeStateDirs(layout: StateLayout, { edges, gateways }: { readonly edges: number; readonly gateways: number } = { edges: 1, gateways: 1 }): void {
  const { stateDir, logsDir, secretsDir, natsDir, asteriskDir, recordingsDir, soundsDir, journalDir, promptCacheDir, traversableDir } = layout;
  fs.mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  fs.chmodSync(stateDir, 0o700);
  if (traversableDir) {
    sweepTraversable();
    // The state folder was deleted by hand: what is left of it can't be opened without the passwords that went with it.
    if (!fs.existsSync(layout.secretsFile)) fs.rmSync(traversableDir, { recursive: true, force: true });
    makeTraversable(traversableDir, stateDir);
    fs.rmSync(path.join(traversableDir, LINK), { force: true });
    fs.symlinkSync(stateDir, path.join(traversableDir, LINK));
  }
  const each = (folder: string, count: number): string[] => Array.from({ length: count }, (_, index) => numbered(folder, index + 1));
  for (const folder of [logsDir, secretsDir, natsDir, ...each(asteriskDir, edges), recordingsDir, soundsDir, ...each(journalDir, gateways), promptCacheDir]) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  // The other way round Asterisk would refuse: it compares the real paths of what it writes.
  const shortcut = path.join(stateDir, 'recordings');
  if (!fs.existsSync(shortcut)) fs.symlinkSync(path.join('asterisk', 'spool', 'recording'), shortcut);
}
