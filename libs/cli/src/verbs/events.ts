import { DOMAINS } from '@troncal/contracts';
import { wants, since } from '../events/event-filter.js';
import { openTail } from '../events/open-tail.js';
import { EXIT } from '../exit-codes.js';
import { eventLine } from '../sentences/tell.js';
import { verb } from '../verb.js';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

export const events = verb(
  'events',
  'What happens, in plain words, as it happens; Ctrl-C ends it',
  (yargs) =>
    yargs
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Only events of this tenant (“_” is the platform)' })
      .option('domain', { choices: DOMAINS, array: true, describe: 'Only events of this domain; may be repeated' })
      .option('call', { type: 'string', requiresArg: true, describe: 'Only events of this call: its id or the beginning of it' })
      .option('since', { type: 'string', requiresArg: true, describe: 'Also what was: 30s, 10m, 2h, 1d or a time' })
      .option('json', { type: 'boolean', default: false, describe: 'The events as they are, one per line (as with -o json)' }),
  async (args, session) => {
    const { terminal, language, style } = session;
    const asJson = args.json || session.output === 'json';
    const from = args.since === undefined ? undefined : since(args.since);
    const ended = untilAborted(terminal.interrupted);
    const tail = await openTail(session, { domains: args.domain, since: from }, (event) => {
      if (wants({ tenant: args.tenant, call: args.call }, event)) terminal.out(asJson ? `${JSON.stringify(event)}\n` : eventLine(event, language, style));
    });
    if (!asJson) terminal.err(style.dim(language === 'es' ? 'Escuchando; Ctrl-C termina.\n' : 'Listening; Ctrl-C ends.\n'));
    await ended;
    await tail.stop();
    return EXIT.ok;
  },
);
