import { verb } from '../verb.js';
import { choosing, withEach } from './dead-letters-choice.js';

export const deadLettersRedrive = verb(
  'redrive [id]',
  'Gives a dead letter to its handler again, and to no other; it takes effect once however often it’s redriven',
  (yargs) =>
    choosing(yargs)
      .positional('id', { type: 'string', describe: 'Its id' })
      .option('all', { type: 'boolean', default: false, describe: 'All that wait and fit the other options, the oldest first' }),
  (args, session) => withEach(args, session, { verb: 'redrive', done: 'took effect' }),
);
