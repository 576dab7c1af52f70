import { count } from '../arguments.js';
import { listDeadLetters } from '../api/dead-letters.js';
import { describeError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { dateAndTime } from '../output/durations.js';
import { shortened } from '../output/printable.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { choiceOf, choosing } from './dead-letters-choice.js';

export const deadLettersList = verb(
  'list',
  'Events that a service could not handle, the newest first',
  (yargs) =>
    choosing(yargs)
      .option('state', { choices: ['waiting', 'redriven', 'discarded', 'all'] as const, default: 'waiting' as const, describe: 'What became of them' })
      .option('limit', { default: 50, requiresArg: true, coerce: count('limit', 1, 10_000), describe: 'At most so many' }),
  async (args, session) => {
    const { letters, away } = await listDeadLetters(session.api, { ...choiceOf(args), state: args.state }, args.limit);
    for (const error of away) session.terminal.err(describeError(error));
    show(session, letters, () =>
      table(
        letters,
        [
          { title: 'DEAD LETTER', value: (letter) => letter.deadLetterId },
          { title: 'SERVICE', value: (letter) => letter.service },
          { title: 'HANDLER', value: (letter) => letter.handler },
          { title: 'TENANT', value: (letter) => letter.tenant },
          { title: 'EVENT', value: (letter) => letter.eventType },
          { title: 'GIVEN UP', value: (letter) => dateAndTime(letter.givenUpAt) },
          { title: 'TRIES', value: (letter) => letter.tries, align: 'right' },
          { title: 'STATE', value: (letter) => (letter.state === 'waiting' && letter.obstacle !== null ? 'unreadable' : letter.state) },
          { title: 'WHY', value: (letter) => shortened(`${letter.code}: ${letter.error}`, 80) },
        ],
        args.state === 'waiting' ? 'No dead letter waits.' : 'No dead letter fits.',
      ),
    );
    return away.length > 0 ? EXIT.unreachable : EXIT.ok;
  },
);
