import { platformKpisSchema, tenantKpisSchema, type EnvironmentAvailability, type KpiFigures } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { duration } from '../output/durations.js';
import { table, type Column } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A `coerce` of yargs for a day. */
const day =
  (name: string) =>
  (given: unknown): string | undefined => {
    if (given === undefined || (typeof given === 'string' && DAY.test(given))) return given;
    throw usageError(`--${name} is ${JSON.stringify(given)}; expected YYYY-MM-DD`);
  };
const length = (ms: number | null): string | null => (ms === null ? null : duration(ms));

function columns<Row extends KpiFigures>(first: Column<Row>): Column<Row>[] {
  return [
    first,
    { title: 'CALLS', value: (row) => row.calls, align: 'right' },
    { title: 'ANSWERED', value: (row) => row.answered, align: 'right' },
    { title: 'FAILED', value: (row) => row.failed, align: 'right' },
    { title: 'REFUSED', value: (row) => row.refused, align: 'right' },
    { title: 'CONNECTION', value: (row) => (row.connection === null ? null : `${(row.connection * 100).toFixed(1)} %`), align: 'right' },
    { title: '4XX', value: (row) => row.sip4xx, align: 'right' },
    { title: '5XX', value: (row) => row.sip5xx, align: 'right' },
    { title: 'RINGING', value: (row) => length(row.averageRingMs), align: 'right' },
    { title: 'LENGTH', value: (row) => length(row.averageAnsweredMs), align: 'right' },
    { title: 'MINUTES', value: (row) => row.minutes, align: 'right' },
    { title: 'MOS', value: (row) => row.averageMos?.toFixed(1) ?? null, align: 'right' },
    { title: 'COMPLAINTS', value: (row) => row.complaints, align: 'right' },
    { title: 'UNANSWERED', value: (row) => (row.questions === 0 ? null : `${row.questionsFailed}/${row.questions}`), align: 'right' },
    { title: 'COST', value: (row) => row.cost.map(({ currency, micros }) => `${(micros / 1_000_000).toFixed(4)} ${currency}`).join(' + ') || null, align: 'right' },
  ];
}

const ENVIRONMENTS: Column<EnvironmentAvailability>[] = [
  { title: 'ENVIRONMENT', value: (row) => row.environment },
  { title: 'AVAILABLE', value: (row) => (row.share === null ? 'not measured' : `${(row.share * 100).toFixed(2)} %`), align: 'right' },
  { title: 'QUESTIONS', value: (row) => row.questions, align: 'right' },
  { title: 'FAILED', value: (row) => row.questionsFailed, align: 'right' },
  { title: 'PROBES', value: (row) => row.probes, align: 'right' },
  { title: 'FAILED', value: (row) => row.probesFailed, align: 'right' },
];

export const kpis = verb(
  'kpis',
  'Figures of calls: of one tenant by day, with its targets, or of all',
  (yargs) =>
    yargs
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Of this tenant; of all when absent' })
      .option('from', { requiresArg: true, coerce: day('from'), describe: 'First day, such as 2026-11-23; six days before the last when absent' })
      .option('to', { requiresArg: true, coerce: day('to'), describe: 'Last day; today when absent' })
      .option('language', { choices: ['es', 'en'] as const, requiresArg: true, describe: 'Of the targets’ texts; the tenant’s own when absent' })
      .option('text', { type: 'boolean', default: false, describe: 'As the weekly report has it' })
      .option('csv', { type: 'boolean', default: false, describe: 'As CSV' }),
  async (args, session) => {
    const at = args.tenant === undefined ? '/api/kpis' : path('api', 'tenants', args.tenant, 'kpis');
    const query = { from: args.from, to: args.to, language: args.language };
    if (args.csv || args.text) {
      session.terminal.out(Buffer.from(await session.api.download({ path: at, query: { ...query, format: args.csv ? 'csv' : 'text' } })).toString('utf8'));
      return EXIT.ok;
    }
    if (args.tenant === undefined) {
      const all = await session.api.ask({ path: at, query }, platformKpisSchema);
      show(session, all, () => {
        const figures = table([...all.tenants, { tenant: 'all', ...all.figures }], columns({ title: 'TENANT', value: (row) => row.tenant }), 'No calls yet.');
        return all.environments.length === 0 ? figures : `${figures}\n${table(all.environments, ENVIRONMENTS, '')}`;
      });
      return EXIT.ok;
    }
    const own = await session.api.ask({ path: at, query }, tenantKpisSchema);
    show(session, own, () => {
      const days = table([...own.days, { day: 'all', ...own.figures }], columns({ title: 'DAY', value: (row) => row.day }), 'No calls yet.');
      const targets = table(
        own.targets,
        [
          { title: 'TARGET', value: (target) => target.kpi },
          { title: 'HAS TO BE', value: (target) => target.target },
          { title: 'IS', value: (target) => target.value },
          { title: 'MET', value: (target) => (target.met === null ? null : target.met ? 'yes' : 'NO') },
          { title: 'KNOWN', value: (target) => (target.basis === 'not_measured' ? 'not measured' : `${target.basis}, ${target.observations} seen`) },
          { title: 'RECKONED FROM', value: (target) => target.detail },
        ],
        '',
      );
      return `${days}\n${targets}`;
    });
    return EXIT.ok;
  },
);
