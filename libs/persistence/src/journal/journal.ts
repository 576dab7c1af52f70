import { constants } from 'node:fs';
import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crashPoint } from '@troncal/config';
import type { Logger } from '@troncal/observability';

/**
 * A local file of lines that survive this process and the machine's power: what could not be stored in the database waits here, in order.
 * A line counts once `append` has resolved (written and fsynced). A torn last line was never promised to anybody and is dropped.
 */
export class Journal {
  private file: FileHandle | undefined;
  private waiting = 0;
  private tail: Promise<unknown> = Promise.resolve();

  /** @param path the file; its folder is made when missing, for this user only. One process at a time */
  constructor(
    private readonly path: string,
    private readonly logger: Logger,
  ) {}

  /** Lines that were not drained yet. */
  get depth(): number {
    return this.waiting;
  }

  /** Opens the file and counts what a process before us has left. */
  async open(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    this.file = await open(this.path, constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY, 0o600);
    const text = await readFile(this.path, 'utf8');
    const whole = text.lastIndexOf('\n') + 1;
    // What is appended must not be glued to a torn line.
    if (whole < text.length) await truncate(this.path, Buffer.byteLength(text.slice(0, whole)));
    this.waiting = linesOf(text).length;
    if (this.waiting > 0) this.logger.warn({ lines: this.waiting, journal: this.path }, 'the journal holds what is not in the database yet');
  }

  /**
   * Adds one entry; true means durable. `wanted` is asked once the entry's turn has come: false adds nothing, because the journal was emptied
   * and closed for entries meanwhile.
   */
  append(entry: unknown, wanted: () => boolean): Promise<boolean> {
    return this.locked(async () => {
      if (!wanted()) return false;
      const file = this.opened();
      crashPoint('journal.before-append');
      await file.appendFile(`${JSON.stringify(entry)}\n`);
      await file.datasync();
      this.waiting += 1;
      crashPoint('journal.after-append');
      return true;
    });
  }

  /**
   * Gives every entry to `store`, in order, and empties the file when all are done; entries added meanwhile included. When `store` throws,
   * everything stays and the next drain begins at the first entry again: `store` must take an entry twice.
   * @param emptied called at the moment when nothing is left and before anything else can be added
   */
  async drain(store: (entry: unknown) => Promise<void>, emptied: () => void): Promise<number> {
    for (let done = 0; ; ) {
      for (const line of (await this.entries()).slice(done)) {
        const entry = parse(line);
        if (entry === undefined) await this.setAside(line);
        else await store(entry);
        crashPoint('journal.drained-one');
        done += 1;
      }
      // Under the lock nothing is added between the last look and the emptying.
      const empty = await this.locked(async () => {
        if ((await this.entries()).length > done) return false;
        crashPoint('journal.before-empty');
        await this.opened().truncate(0);
        await this.opened().datasync();
        crashPoint('journal.after-empty');
        this.waiting = 0;
        emptied();
        return true;
      });
      if (empty) return done;
    }
  }

  async close(): Promise<void> {
    await this.tail;
    await this.file?.close();
    this.file = undefined;
  }

  private async entries(): Promise<string[]> {
    return linesOf(await readFile(this.path, 'utf8'));
  }

  private async setAside(line: string): Promise<void> {
    this.logger.error({ bytes: line.length }, 'a line of the journal is unreadable and is set aside');
    const aside = await open(`${this.path}.unreadable`, 'a', 0o600);
    await aside.appendFile(`${line}\n`);
    await aside.close();
  }

  private locked<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => {});
    return turn;
  }

  private opened(): FileHandle {
    if (!this.file) throw new Error('The journal is not open.');
    return this.file;
  }
}

function linesOf(text: string): string[] {
  return text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter((line) => line !== '');
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
