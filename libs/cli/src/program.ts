import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import yargs, { type Argv } from 'yargs';
import { ApiClient } from './api/api-client.js';
import { asCliError, describeError, usageError } from './cli-error.js';
import { Context } from './context/context.js';
import { EXIT, EXIT_CODE_HELP, type ExitCode } from './exit-codes.js';
import { languageOf } from './context/language.js';
import { styleFor } from './output/style.js';
import type { Terminal } from './output/terminal.js';
import type { Session } from './session.js';
import type { GlobalArguments, Runner, Verb } from './verb.js';
import { GROUPS, VERBS } from './verbs.js';

const VERSION = (JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;

const registerAll = (parser: Argv<GlobalArguments>, verbs: readonly Verb[], runner: Runner): Argv<GlobalArguments> =>
  verbs.reduce((all, verb) => verb.register(all, runner), parser);

function parserFor(terminal: Terminal, runner: Runner): Argv<GlobalArguments> {
  const parser: Argv<GlobalArguments> = yargs()
    .scriptName('troncal')
    .locale('en')
    .usage('$0 <command>\n\nThe telephones of this Troncal, from the command line.')
    .option('output', { alias: 'o', choices: ['table', 'json'] as const, default: 'table' as const, describe: 'How results are printed' })
    .option('lang', { choices: ['es', 'en'] as const, describe: 'Language of events and speech (else TRONCAL_LANG, LANG, English)' })
    .option('url', { type: 'string', requiresArg: true, describe: 'Address of the API (else TRONCAL_URL, else this clone’s npm start)' })
    .option('key-file', { type: 'string', requiresArg: true, describe: 'File with the API key (else TRONCAL_API_KEY_FILE, else this clone’s)' })
    .option('state', { type: 'string', requiresArg: true, describe: 'State file of another npm start (else the one in TRONCAL_STATE_DIR, else this clone’s)' });
  registerAll(parser, VERBS, runner);
  for (const group of GROUPS)
    parser.command(group.name, group.describe, (inner) => registerAll(inner as Argv<GlobalArguments>, group.verbs, runner).demandCommand(1, `${group.name} needs a verb; see troncal ${group.name} --help`));
  return parser
    .demandCommand(1, 'no command was given')
    .strict()
    .version(VERSION)
    .help()
    .alias('help', 'h')
    .wrap(Math.min(110, Number(terminal.env['COLUMNS']) || 100))
    .epilogue(EXIT_CODE_HELP)
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // A coerce that throws comes back as yargs's own YError with its message.
      throw error !== undefined && error.name !== 'YError' ? error : usageError((error?.message ?? message ?? 'the command line could not be read').replaceAll(/\s*\n\s*/g, ' '));
    });
}

/**
 * Runs one command line (without the program's own name) and resolves with its exit code. All output goes through `terminal`; nothing
 * is thrown and the process is not ended, so that tests and other programs can call it.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const runner: Runner = async (action, args) => {
    const context = new Context(args, terminal.env);
    const session: Session = {
      terminal,
      style: styleFor(terminal.colour),
      language: languageOf(args.lang, terminal.env),
      output: args.output,
      context,
      api: new ApiClient(context.api()),
    };
    code = await action(session);
  };
  try {
    await parserFor(terminal, runner).parseAsync([...argv], {}, (_error, _args, output) => {
      if (output !== '') terminal.out(`${output}\n`);
    });
    return code;
  } catch (error) {
    const fault = asCliError(error);
    terminal.err(describeError(fault));
    return fault.exitCode;
  }
}
