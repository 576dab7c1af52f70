import { issuedSheetsSchema, planViewSchema, runStartedSchema } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { DeclarationFiles } from '../declarations/declaration-files.js';
import { describePlan } from '../declarations/describe-plan.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { describeRun, exitOf, followRun } from '../declarations/follow-run.js';
import { show, type Session } from '../session.js';
import { verb } from '../verb.js';
import { linksText, wholeLinks, type SheetLink } from './sheets-text.js';

/** More tenants than this have theirs made when somebody is there to take them: troncal sheets issue. */
const MOST_SHEETS = 20;

/** A page for each phone. A phone that was taken over with a password of its own has none. */
async function sheetsOf(session: Session, environment: string, tenants: readonly string[]): Promise<SheetLink[]> {
  const all: SheetLink[] = [];
  for (const tenant of tenants) {
    const issued = await session.api.ask({ method: 'POST', path: path('api', 'tenants', tenant, 'sheets'), body: { environment, kinds: ['html'] } }, issuedSheetsSchema).catch(() => ({ sheets: [] }));
    all.push(...wholeLinks(session, tenant, issued.sheets));
  }
  return all;
}

export const tenantsApply = verb(
  'apply',
  'Makes tenants be as declared, and tells each step; the same again changes nothing',
  (yargs) =>
    yargs
      .option('file', { alias: 'f', type: 'string', array: true, demandOption: true, describe: 'YAML or JSON file, or - for standard input; may be repeated' })
      .option('sheets', { type: 'boolean', default: true, describe: 'Links to the settings of the phones, used once; --no-sheets for none' })
      .option('env', ENVIRONMENT),
  async (args, session) => {
    const files = DeclarationFiles.read(args.file);
    const environment = await environmentOf(session, args.env);
    const at = (what: string): string => path('api', 'environments', environment, what);
    const body = { declarations: files.declarations };
    const placed = (error: unknown): Promise<never> => Promise.reject(files.placing(error) as Error);
    const plan = await session.api.ask({ method: 'POST', path: at('plan'), body }, planViewSchema).catch(placed);
    if (session.output === 'table') session.terminal.out(describePlan(plan));
    const { run } = await session.api.ask({ method: 'POST', path: at('apply'), body }, runStartedSchema).catch(placed);
    const view = await followRun(session, run);
    const sheets = args.sheets && view.state === 'whole' && view.tenants.length <= MOST_SHEETS ? await sheetsOf(session, environment, view.tenants) : undefined;
    show(session, { plan, run: view, ...(sheets === undefined ? {} : { sheets }) }, () => `${describeRun(view)}${sheets === undefined ? '' : `\n${linksText(sheets)}`}`);
    return exitOf(view);
  },
);
