import { capsViewSchema, type Caps } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { facts } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';
import { capsFacts, countOption, moneyOption } from './caps-text.js';

const cap = (describe: string) => ({ type: 'string', requiresArg: true, describe: `${describe}; “none” for no cap` }) as const;

export const capsSet = verb(
  'set <tenant>',
  'Changes what the calls of a tenant may cost; what isn’t named stays',
  (yargs) =>
    yargs
      .positional('tenant', { type: 'string', demandOption: true, describe: 'Its code' })
      .option('environment', { type: 'string', alias: 'env', demandOption: true, requiresArg: true, describe: 'In which environment: dev, prod, …' })
      .option('day', cap('Money a day, such as 12.50'))
      .option('month', cap('Money a month'))
      .option('minutes', cap('Minutes a day'))
      .option('burst', cap('Calls begun within a minute'))
      .option('concurrent', cap('Calls at the same time'))
      .option('currency', { type: 'string', requiresArg: true, describe: 'Of the money, such as USD' }),
  async (args, session) => {
    const asked: { -readonly [Name in keyof Caps]: Caps[Name] | undefined } = {
      currency: args.currency, dayMicros: moneyOption('day', args.day), monthMicros: moneyOption('month', args.month), minutesPerDay: countOption('minutes', args.minutes),
      callsPerMinute: countOption('burst', args.burst), concurrentCalls: countOption('concurrent', args.concurrent),
    };
    const changes = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    if (Object.keys(changes).length === 0) throw usageError('there is nothing to set', 'Name a cap: --day, --month, --minutes, --burst or --concurrent.');
    const where = { path: path('api', 'tenants', args.tenant, 'caps'), query: { environment: args.environment } };
    const { currency, dayMicros, monthMicros, minutesPerDay, callsPerMinute, concurrentCalls } = await session.api.ask(where, capsViewSchema);
    const body = { currency, dayMicros, monthMicros, minutesPerDay, callsPerMinute, concurrentCalls, ...changes };
    const caps = await session.api.ask({ ...where, method: 'PUT', body }, capsViewSchema);
    show(session, caps, () => facts(capsFacts(caps)));
    return EXIT.ok;
  },
);
