import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** What `asteriskCommand` needs to know of the program: the argv prefix of `@troncal/parts`, or of the image. */
export interface AsteriskProgram {
  readonly command: readonly string[];
}

/** The argv that runs an edge in the foreground: no colour, no console, no fork. */
export function asteriskCommand(program: AsteriskProgram, etcDir: string): readonly string[] {
  return [...program.command, '-C', path.join(etcDir, 'asterisk.conf'), '-f', '-n'];
}

/**
 * The whole environment of an edge; it inherits none. libpq reads PGCONNECT_TIMEOUT (seconds): without it, a database host that swallows packets would
 * hold up SIP for minutes at each reconnect.
 */
export const ASTERISK_ENVIRONMENT: Readonly<Record<string, string>> = { PGCONNECT_TIMEOUT: '2', TZ: 'UTC', LANG: 'C.UTF-8' };

/** A running edge. */
export interface RunningEdge {
  readonly process: ChildProcess;
  /** What it printed, for error messages. */
  readonly output: () => string;
  /** Hangs up everything and ends it, by force after 5 s. */
  readonly stop: () => Promise<void>;
}

/** Starts a rendered edge; whether it is ready, ARI tells. */
export function startEdge(program: AsteriskProgram, etcDir: string): RunningEdge {
  const [file, ...args] = asteriskCommand(program, etcDir);
  const child = spawn(file ?? '', args, { stdio: ['ignore', 'pipe', 'pipe'], env: ASTERISK_ENVIRONMENT });
  const lines: string[] = [];
  const keep = (chunk: Buffer): void => {
    lines.push(chunk.toString('utf8'));
    if (lines.length > 500) lines.shift();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => lines.push(error.message));
  return {
    process: child,
    output: () => lines.join(''),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(force);
    },
  };
}
