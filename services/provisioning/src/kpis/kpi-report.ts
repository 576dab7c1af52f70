import type { EnvironmentAvailability, KpiFigures, Language, PlatformKpis, TenantKpis } from '@troncal/contracts';
import { percent } from './kpi.js';
import { TARGET_WORDS } from './target-words.js';

const LABELS = {
  en: {
    title: (who: string, from: string, to: string) => `Calls of ${who}, ${from} to ${to}`, all: 'all tenants', calls: 'calls', answered: 'answered', failed: 'failed', refused: 'refused', connection: 'connection',
    sip: 'SIP 4xx / 5xx', ring: 'ringing, on average', talk: 'length, on average', minutes: 'minutes', cost: 'cost at Twilio', questions: 'Twilio’s questions, not answered', legs: 'legs measured, poor', mos: 'MOS (estimated), loss, jitter',
    complaints: 'complaints', targets: 'Targets', met: 'met', missed: 'MISSED', untold: 'can’t be told', none: 'not priced yet', environments: 'Availability by environment',
    environment: ({ questions, questionsFailed, probes, probesFailed }: EnvironmentAvailability) => `${questionsFailed} of ${questions} questions and ${probesFailed} of ${probes} probes failed`, seen: (count: number) => `${count} seen`,
  },
  es: {
    title: (who: string, from: string, to: string) => `Llamadas de ${who}, ${from} a ${to}`, all: 'todos los clientes', calls: 'llamadas', answered: 'contestadas', failed: 'fallidas', refused: 'rechazadas', connection: 'conexión',
    sip: 'SIP 4xx / 5xx', ring: 'timbrado, promedio', talk: 'duración, promedio', minutes: 'minutos', cost: 'costo en Twilio', questions: 'preguntas de Twilio, sin respuesta', legs: 'tramos medidos, malos', mos: 'MOS (estimado), pérdida, jitter',
    complaints: 'reclamos', targets: 'Metas', met: 'cumplida', missed: 'NO CUMPLIDA', untold: 'no se puede decir', none: 'aún sin precio', environments: 'Disponibilidad por ambiente',
    environment: ({ questions, questionsFailed, probes, probesFailed }: EnvironmentAvailability) => `fallaron ${questionsFailed} de ${questions} preguntas y ${probesFailed} de ${probes} sondeos`, seen: (count: number) => `${count} observaciones`,
  },
} as const;

const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1_000).toFixed(1)} s`);
const share = (value: number | null, digits?: number): string => (value === null ? '–' : percent(value, digits));
const decimal = (value: number | null): string => (value === null ? '–' : value.toFixed(1));
const amount = (micros: number): string => (micros / 1_000_000).toFixed(4);
const costText = (cost: KpiFigures['cost']): string => cost.map(({ currency, micros }) => `${amount(micros)} ${currency}`).join(' + ');

/** The figures for people. */
export function reportText(kpis: TenantKpis | PlatformKpis, language: Language): string {
  const label = LABELS[language];
  const { figures, from, to } = kpis;
  const lines: [string, string][] = [
    [label.calls, String(figures.calls)], [label.answered, String(figures.answered)], [label.failed, String(figures.failed)], [label.refused, String(figures.refused)],
    [label.connection, share(figures.connection)], [label.sip, `${figures.sip4xx} / ${figures.sip5xx}`], [label.ring, seconds(figures.averageRingMs)],
    [label.talk, seconds(figures.averageAnsweredMs)], [label.minutes, String(figures.minutes)], [label.questions, `${figures.questions}, ${figures.questionsFailed}`], [label.legs, `${figures.measuredLegs}, ${figures.poorLegs}`],
    [label.mos, `${decimal(figures.averageMos)}, ${share(figures.packetLoss, 2)}, ${figures.averageJitterMs === null ? '–' : `${decimal(figures.averageJitterMs)} ms`}`], [label.complaints, String(figures.complaints)],
    [label.cost, costText(figures.cost) || label.none],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const body = lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const who = 'tenant' in kpis ? kpis.tenant : label.all;
  return [label.title(who, from, to), ...body, ...('targets' in kpis ? targetLines(kpis, language) : [...tenantLines(kpis), ...environmentLines(kpis, language)]), ''].join('\n');
}

function targetLines({ targets }: TenantKpis, language: Language): string[] {
  const label = LABELS[language];
  const words = TARGET_WORDS[language];
  return [
    label.targets,
    ...targets.map(({ kpi, target, value, met, basis, observations, detail }) => {
      const verdict = basis === 'not_measured' ? words.basis.not_measured : `${value}, ${met === null ? label.untold : met ? label.met : label.missed} [${words.basis[basis]}, ${label.seen(observations)}]`;
      return `  ${words.names[kpi]} ${target}: ${verdict} (${detail})`;
    }),
  ];
}

function tenantLines({ tenants }: PlatformKpis): string[] {
  return tenants.map((each) => `  ${each.tenant}: ${each.calls}, ${share(each.connection)}, ${each.minutes} min, ${costText(each.cost) || '–'}`);
}

function environmentLines({ environments }: PlatformKpis, language: Language): string[] {
  const label = LABELS[language];
  if (environments.length === 0) return [];
  return [label.environments, ...environments.map((each) => `  ${each.environment}: ${each.share === null ? TARGET_WORDS[language].basis.not_measured : percent(each.share, 2)} (${label.environment(each)})`)];
}

const COLUMNS = [
  'calls', 'answered', 'failed', 'refused', 'sip4xx', 'sip5xx', 'connection', 'averageRingMs', 'averageAnsweredMs', 'minutes', 'questions', 'questionsFailed', 'measuredLegs', 'poorLegs', 'averageMos', 'packetLoss',
  'averageJitterMs', 'complaints',
] as const;

/**
 * RFC 4180. One line a day, or a tenant; costs in a column per currency. Of a tenant the targets follow in a table of their own, below an empty line. Nothing in it was
 * written by a stranger: codes, days, numbers, and our own words.
 */
export function reportCsv(kpis: TenantKpis | PlatformKpis): string {
  const rows = 'tenant' in kpis ? kpis.days.map(({ day, ...figures }) => ({ key: day, figures })) : kpis.tenants.map(({ tenant, ...figures }) => ({ key: tenant, figures }));
  const currencies = kpis.figures.cost.map(({ currency }) => currency);
  const header = ['tenant' in kpis ? 'day' : 'tenant', ...COLUMNS, ...currencies.map((currency) => `cost ${currency}`)];
  const lines = rows.map(({ key, figures }) => [
    key, ...COLUMNS.map((column) => String(figures[column] ?? '')), ...currencies.map((currency) => amount(figures.cost.find((cost) => cost.currency === currency)?.micros ?? 0)),
  ]);
  return tableOf([header, ...lines]) + ('targets' in kpis ? `\r\n${targetTable(kpis)}` : '');
}

function targetTable({ targets }: TenantKpis): string {
  const rows = targets.map(({ kpi, target, value, met, basis, observations, detail }) => [kpi, target, value ?? '', met === null ? '' : String(met), basis, String(observations), detail]);
  return tableOf([['kpi', 'target', 'value', 'met', 'basis', 'observations', 'detail'], ...rows]);
}

const tableOf = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');

const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
