import path from 'node:path';
import { run } from '@troncal/cli';

/** What a command line of `troncal` printed, and its exit code. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `troncal …` against the Troncal of a state folder. */
export async function troncal(stateDir: string, ...argv: readonly string[]): Promise<Said> {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text), env: {}, colour: false, interrupted: new AbortController().signal };
  const code = await run([...argv, '--state', path.join(stateDir, 'state.json')], terminal);
  return { code, out, err };
}
