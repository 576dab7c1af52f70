import { verifyViewSchema, type CheckView, type VerifyView } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';
import { show, type Session } from '../session.js';
import { verb } from '../verb.js';

const MARK = { ok: 'ok', wrong: 'WRONG', unknown: 'unknown' } as const;

export const verify = verb(
  'verify <tenant>',
  'Whether a tenant’s telephones work at Twilio; ends with 1 when something is wrong',
  (yargs) =>
    yargs
      .positional('tenant', { type: 'string', demandOption: true, describe: 'Its code' })
      .option('env', ENVIRONMENT)
      .option('probe', { type: 'boolean', default: false, describe: 'Call its phones too, and give up as soon as they ring: they may ring for a moment' }),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const at = path('api', 'environments', environment, 'tenants', args.tenant.toLowerCase(), 'verify');
    const view = await session.api.ask(args.probe ? { method: 'POST', path: at, body: { probe: true } } : { path: at }, verifyViewSchema);
    show(session, view, () => text(view, session));
    return view.checks.some(({ state }) => state === 'wrong') ? EXIT.failed : EXIT.ok;
  },
);

function text({ checks }: VerifyView, { style }: Session): string {
  const rows = table(
    checks,
    [
      { title: 'CHECK', value: ({ check }) => check },
      { title: 'STATE', value: ({ state }) => MARK[state], paint: ({ state }) => ({ ok: style.good, wrong: style.bad, unknown: style.warn })[state] },
      { title: 'OF', value: ({ about }) => about },
      { title: 'SAYS', value: ({ says }) => says },
    ],
    'Nothing was checked.',
  );
  const count = (state: CheckView['state']): number => checks.filter((check) => check.state === state).length;
  const remedies = unique(checks.flatMap(({ state, about, remedy }) => (state === 'ok' || remedy === undefined ? [] : [`${about}: ${remedy}`])));
  const inferred = unique(checks.flatMap(({ check, inferredFrom }) => (inferredFrom === undefined ? [] : [`${check}: ${inferredFrom}`])));
  return [
    rows,
    listed('What to do', remedies),
    listed('What is inferred, and from what', inferred),
    `\n${count('wrong') === 0 ? style.good('nothing is wrong') : style.bad(`${count('wrong')} wrong`)}, ${count('unknown')} unknown, ${count('ok')} ok\n`,
  ].join('');
}

const unique = (lines: readonly string[]): string[] => [...new Set(lines)];
const listed = (title: string, lines: readonly string[]): string => (lines.length === 0 ? '' : `\n${title}\n${lines.map((line) => `  ${printable(line)}\n`).join('')}`);
