import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { ExitCode } from './exit-codes.js';
import type { Session } from './session.js';

/** The options every verb understands. */
export interface GlobalArguments {
  output: 'table' | 'json';
  lang: 'es' | 'en' | undefined;
  url: string | undefined;
  'key-file': string | undefined;
  state: string | undefined;
}

/** Runs what a verb does, with what the global options say. */
export type Runner = (action: (session: Session) => Promise<ExitCode>, args: ArgumentsCamelCase<GlobalArguments>) => Promise<void>;

/** One verb of the command; one file each, two that differ in a word together. */
export interface Verb {
  /** As yargs writes it: `show <id>`. */
  readonly command: string;
  readonly describe: string;
  register(yargs: Argv<GlobalArguments>, run: Runner): Argv<GlobalArguments>;
}

/**
 * A verb from its options and what it does. The types of its arguments come from the options.
 * @param perform resolves with the exit code; what it throws is shown as one error with a remedy
 */
export function verb<Arguments extends GlobalArguments>(
  command: string,
  describe: string,
  options: (yargs: Argv<GlobalArguments>) => Argv<Arguments>,
  perform: (args: ArgumentsCamelCase<Arguments>, session: Session) => Promise<ExitCode>,
): Verb {
  return {
    command,
    describe,
    register: (yargs, run) => yargs.command(command, describe, options, (args) => run((session) => perform(args, session), args)),
  };
}
