import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stackStateSchema, type StackState } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';

const CLONE = join(import.meta.dirname, '..', '..', '..', '..');

/** The state file of this clone's `npm start`; its folder can be moved by TRONCAL_STATE_DIR, for the launcher and for us alike. */
export const stateFileIn = (folder: string | undefined): string => join(resolve(CLONE, folder ?? '.troncal'), 'state.json');

const START = 'Start it with npm start, or name another one with --url or TRONCAL_URL.';

/** What runs and where. Throws a {@link CliError} when nothing runs, and when the file is not what this version writes. */
export function readState(file: string): StackState {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new CliError(EXIT.unreachable, `Troncal does not run here: there is no ${file}`, START);
    throw new CliError(EXIT.refused, `the state file can’t be read: ${errorText(error)}`, 'Call this as the user who ran npm start.');
  }
  try {
    const state = stackStateSchema.parse(JSON.parse(text));
    if (state.phase === 'stopped') throw new CliError(EXIT.unreachable, 'Troncal does not run here: it was stopped', START);
    return state;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(EXIT.failed, `${file} is not a state file of this version`, 'Stop what runs and start it again with npm start.');
  }
}
