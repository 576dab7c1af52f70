import { spawn } from 'node:child_process';
import fs from 'node:fs';

/** How `docker` is spoken to: DOCKER_HOST and what the compose file reads. */
export type DockerEnv = Readonly<Record<string, string | undefined>>;

export interface DockerRun {
  readonly ok: boolean;
  /** Standard output; standard error only when it failed. */
  readonly text: string;
}

export interface DockerOptions {
  readonly env: DockerEnv;
  /** All that it says is added to this file, for who wants more than the summary. */
  readonly logFile?: string;
  readonly cwd?: string;
  /** A file that is its standard input: a tar for `docker import`. */
  readonly stdin?: string;
  readonly timeoutMs?: number;
}

/** Runs the `docker` command to its end; a failure is an answer, not an error. Not there at all counts as failed. */
export async function runDocker(args: readonly string[], options: DockerOptions): Promise<DockerRun> {
  const { env, logFile, cwd, stdin } = options;
  const log = logFile === undefined ? null : fs.openSync(logFile, 'a');
  const input = stdin === undefined ? null : fs.openSync(stdin, 'r');
  try {
    return await new Promise((resolve) => {
      const child = spawn('docker', args, { env: { ...env }, stdio: [input ?? 'ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
      let [stdout, stderr] = ['', ''];
      const keep = (chunk: Buffer): string => {
        if (log !== null) fs.writeSync(log, chunk);
        return chunk.toString('utf8');
      };
      child.stdout?.on('data', (chunk: Buffer) => (stdout += keep(chunk)));
      child.stderr?.on('data', (chunk: Buffer) => (stderr += keep(chunk)));
      const timer = options.timeoutMs === undefined ? null : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
      const end = (result: DockerRun): void => {
        if (timer !== null) clearTimeout(timer);
        resolve(result);
      };
      child.once('error', (error) => end({ ok: false, text: error.message }));
      child.once('close', (code) => end({ ok: code === 0, text: (code === 0 ? stdout : `${stdout}\n${stderr}`).trim() }));
    });
  } finally {
    for (const file of [log, input]) if (file !== null) fs.closeSync(file);
  }
}

/** Like {@link runDocker}, for what must succeed. @throws Error with the command and the end of what it said */
export async function mustDocker(args: readonly string[], options: DockerOptions): Promise<string> {
  const { ok, text } = await runDocker(args, options);
  if (ok) return text;
  const more = options.logFile === undefined ? '' : `\nAll it said is in ${options.logFile}.`;
  throw new Error(`docker ${args.join(' ')} failed:\n${text.split('\n').slice(-25).join('\n')}${more}`);
}
