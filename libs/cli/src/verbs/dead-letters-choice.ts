import { SERVICE_NAMES, type DeadLetterView } from '@troncal/contracts';
import type { Argv } from 'yargs';
import { path } from '../api/api-client.js';
import { findDeadLetter, listDeadLetters, type DeadLetterChoice } from '../api/dead-letters.js';
import { asCliError, describeError, usageError } from '../cli-error.js';
import { since } from '../events/event-filter.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { show, type Session } from '../session.js';
import type { GlobalArguments } from '../verb.js';

/** The options by which dead letters are chosen. */
export const choosing = (yargs: Argv<GlobalArguments>) =>
  yargs
    .option('service', { choices: SERVICE_NAMES, describe: 'Only those of this service' })
    .option('handler', { type: 'string', requiresArg: true, describe: 'Only those of this handler' })
    .option('tenant', { type: 'string', requiresArg: true, describe: 'Only events of this tenant (“_” is the platform)' })
    .option('since', { type: 'string', requiresArg: true, describe: 'Only those given up since: 30s, 10m, 2h, 1d or a time' });

type Chosen = ReturnType<typeof choosing> extends Argv<infer Arguments> ? Arguments : never;

export const choiceOf = ({ service, handler, tenant, since: from }: Chosen): DeadLetterChoice => ({ service, handler, tenant: tenant?.toLowerCase(), since: from === undefined ? undefined : since(from) });

/** More at once is hardly meant. */
const MOST = 10_000;

/**
 * Does one thing with one dead letter, or with all waiting ones that fit, one after the other, the oldest first. One that fails doesn't keep the others
 * from their turn; each is told, and then the exit code is that of a failure.
 */
export async function withEach(
  args: Chosen & { readonly id?: string | undefined; readonly all: boolean },
  session: Session,
  act: { readonly verb: 'redrive' | 'discard'; readonly done: string; readonly body?: object },
): Promise<ExitCode> {
  if ((args.id === undefined) !== args.all) throw usageError('give either the id of a dead letter or --all', 'See which there are: troncal dead-letters list');
  const letters = args.id === undefined ? await all(args, session) : [await findDeadLetter(session.api, args.id)];
  const outcomes: { readonly deadLetterId: string; readonly outcome: string }[] = [];
  let code: ExitCode = EXIT.ok;
  for (const { service, deadLetterId } of letters) {
    try {
      await session.api.tell({ method: 'POST', path: path('api', 'dead-letters', service, deadLetterId, act.verb), body: act.body ?? {} });
      outcomes.push({ deadLetterId, outcome: act.done });
    } catch (error) {
      const fault = asCliError(error);
      if (args.id !== undefined) throw fault;
      session.terminal.err(describeError(fault));
      outcomes.push({ deadLetterId, outcome: 'failed' });
      code = EXIT.failed;
    }
  }
  show(session, outcomes, () => outcomes.map(({ deadLetterId, outcome }) => `${deadLetterId} ${outcome}\n`).join('') || 'No dead letter fits.\n');
  return code;
}

async function all(args: Chosen, session: Session): Promise<readonly DeadLetterView[]> {
  const { letters, away } = await listDeadLetters(session.api, choiceOf(args), MOST);
  if (away[0]) throw away[0];
  return letters.toReversed();
}
