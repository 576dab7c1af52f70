import type { DeadLetterWithBody } from '@troncal/contracts';
import { findDeadLetter } from '../api/dead-letters.js';
import { EXIT } from '../exit-codes.js';
import { dateAndTime } from '../output/durations.js';
import { printable } from '../output/printable.js';
import { facts } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

type Act = DeadLetterWithBody['history'][number];

const told = ({ act, outcome, code, error, reason, by }: Act): string =>
  `${act} by ${by}: ${outcome}${code === undefined ? '' : ` (${code}: ${error ?? ''})`}${reason === undefined ? '' : `, ${reason}`}`;

/** Indented when it is JSON; else as it came, made safe. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body.split('\n').map(printable).join('\n');
  }
}

function describe(letter: DeadLetterWithBody): string {
  const heading = facts([
    ['dead letter', letter.deadLetterId],
    ['service', letter.service],
    ['handler', letter.handler],
    ['tenant', letter.tenant],
    ['event', `${letter.eventType} ${letter.eventId ?? '(can’t be read)'}`],
    ['stored as', `message ${letter.streamSequence} of ${letter.stream}, ${dateAndTime(letter.publishedAt)}`],
    ['given up', dateAndTime(letter.givenUpAt)],
    ['tries', letter.tries],
    ['why', `${letter.code}: ${letter.error}`],
    ['state', letter.state],
    ['redriving', letter.state === 'waiting' ? (letter.obstacle ?? 'possible') : undefined],
  ]);
  const history = letter.history.length === 0 ? '' : `\nWhat was done\n${facts(letter.history.map((act) => [dateAndTime(act.at), told(act)]), '  ')}`;
  return `${heading}${history}\nThe message\n${readable(letter.body)}\n`;
}

export const deadLettersShow = verb(
  'show <id>',
  'One dead letter: why, what was tried, and the event as it came',
  (yargs) => yargs.positional('id', { type: 'string', demandOption: true, describe: 'Its id' }),
  async (args, session) => {
    const letter = await findDeadLetter(session.api, args.id);
    show(session, letter, () => describe(letter));
    return EXIT.ok;
  },
);
