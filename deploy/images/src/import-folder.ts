import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runDocker, type DockerOptions } from './run-docker.js';

/** Whether the engine has this image. */
export async function imageThere(image: string, docker: DockerOptions): Promise<boolean> {
  return (await runDocker(['image', 'inspect', image], { env: docker.env })).ok;
}

/** Fills a temporary folder that becomes an image, and removes it with all beside it. */
export async function importFolder(fill: (root: string) => void, make: (folder: string) => Promise<unknown>): Promise<void> {
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-base-'));
  try {
    const folder = path.join(parent, 'root');
    fs.mkdirSync(folder, { mode: 0o755 });
    fill(folder);
    await make(folder);
  } finally {
    fs.rmSync(parent, { recursive: true, force: true });
  }
}
