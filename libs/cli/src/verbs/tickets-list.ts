import { ticketPageSchema } from '@troncal/contracts';
import { redactText } from '@troncal/kernel';
import { listAll } from '../api/page.js';
import { count } from '../arguments.js';
import { EXIT } from '../exit-codes.js';
import { dateAndTime } from '../output/durations.js';
import { printable, shortened } from '../output/printable.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const ticketsList = verb(
  'list',
  'Tickets, the newest first',
  (yargs) =>
    yargs
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Only tickets of this tenant' })
      .option('limit', { default: 20, requiresArg: true, coerce: count('limit', 1, 10_000), describe: 'At most so many' }),
  async (args, session) => {
    const tickets = await listAll(session.api, { path: '/api/tickets', query: { tenant: args.tenant } }, ticketPageSchema, (page) => page.tickets, args.limit);
    show(session, tickets, () =>
      table(
        tickets,
        [
          { title: 'TENANT', value: (ticket) => ticket.tenant },
          { title: 'NUMBER', value: (ticket) => ticket.number, align: 'right' },
          { title: 'OPENED', value: (ticket) => dateAndTime(ticket.openedAt) },
          { title: 'STATE', value: (ticket) => ticket.state },
          { title: 'TITLE', value: (ticket) => shortened(redactText(printable(ticket.title)), 60) },
          { title: 'CALL', value: (ticket) => ticket.callId },
        ],
        'No tickets yet.',
      ),
    );
    return EXIT.ok;
  },
);
