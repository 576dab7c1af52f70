import { verb } from '../verb.js';
import { choosing, withEach } from './dead-letters-choice.js';

export const deadLettersDiscard = verb(
  'discard [id]',
  'Gives a dead letter up for good; it stays readable for some days',
  (yargs) =>
    choosing(yargs)
      .positional('id', { type: 'string', describe: 'Its id' })
      .option('all', { type: 'boolean', default: false, describe: 'All that wait and fit the other options' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for whoever asks later' }),
  (args, session) => withEach(args, session, { verb: 'discard', done: 'was discarded', ...(args.reason !== undefined && { body: { reason: args.reason } }) }),
);
