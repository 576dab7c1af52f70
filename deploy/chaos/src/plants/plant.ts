import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One change of the text of one compiled module, made while a process loads it. */
export interface SourceChange {
  /** Of the repository, without its extension: `libs/persistence/{}/outbox/outbox-relay`, `{}` being `src` or `dist`. */
  readonly module: string;
  /** Must be there exactly once, the same in the source and as compiled. */
  readonly find: string;
  readonly replace: string;
}

/**
 * A deliberate defect, to prove that a fault test can fail. It is put into the running processes as they load their code (`preload.ts`), so that
 * the product has no switch for it and no trace of it.
 */
export interface Plant {
  /** What is wrong then, in one sentence for the report. */
  readonly defect: string;
  readonly changes: readonly SourceChange[];
}

const ROOT = new URL('../../../../', import.meta.url);

/** What of these changes doesn't fit the code as it is now: a module or a text that isn't there any more. */
export function misfits(changes: readonly SourceChange[], built: 'src' | 'dist'): string[] {
  return changes.flatMap(({ module, find }) => {
    const file = fileURLToPath(new URL(`${module.replace('{}', built)}.${built === 'src' ? 'ts' : 'js'}`, ROOT));
    if (!existsSync(file)) return [`${file} does not exist`];
    const count = readFileSync(file, 'utf8').split(find).length - 1;
    return count === 1 ? [] : [`${file} holds ${JSON.stringify(find)} ${count} times, not once`];
  });
}
