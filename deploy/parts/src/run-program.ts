import { spawn } from 'node:child_process';

export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Exit codes that count as success besides 0 (SIPp prints its version and exits with 99). */
  readonly alsoAccept?: readonly number[];
  /** Called with each line of file descriptor 3, where apt writes its machine-readable progress. */
  readonly onStatusLine?: (line: string) => void;
  /** For root: the ids to drop to before the program starts. */
  readonly uid?: number;
  readonly gid?: number;
  /** Milliseconds until the program is killed; default 120 s. */
  readonly timeoutMs?: number;
}

/** A program that didn't start, or didn't exit as expected; the message carries the end of what it printed. */
export class ProgramFailedError extends Error {
  override readonly name = 'ProgramFailedError';
  constructor(
    readonly command: readonly string[],
    readonly outcome: string,
    readonly output: string,
  ) {
    super(`${command[0] ?? '?'} ${outcome}${output === '' ? '' : `: ${output.trim().slice(-600)}`}`);
  }
}

/**
 * Runs a program to its end with no shell and collects what it prints.
 * @throws ProgramFailedError when it can't be started, exits otherwise than accepted, or outlasts `timeoutMs`.
 */
export function runProgram(command: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
  const [file = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...(options.env ?? process.env), LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe', options.onStatusLine ? 'pipe' : 'ignore'],
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
    let stdout = '';
    let stderr = '';
    let partialLine = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 120_000);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdio[3]?.on('data', (bytes: Buffer) => {
      const lines = (partialLine + bytes.toString('utf8')).split('\n');
      partialLine = lines.pop() ?? '';
      for (const line of lines) options.onStatusLine?.(line);
    });
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new ProgramFailedError(command, `could not be started (${cause.message})`, ''));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 || (code !== null && options.alsoAccept?.includes(code))) resolve({ stdout, stderr });
      else reject(new ProgramFailedError(command, code === null ? `was ended by ${signal ?? 'a signal'}` : `exited with ${code}`, stderr || stdout));
    });
  });
}
