import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledProgram } from '@troncal/testing';

/** The small service of crash-child.ts as a program in few files, for specs that start it dozens of times. */
export class CrashProgram {
  private readonly folder = mkdtempSync(join(tmpdir(), 'troncal-crash-program-'));
  readonly file = bundledProgram(fileURLToPath(new URL('./crash-child.ts', import.meta.url)), this.folder);

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
