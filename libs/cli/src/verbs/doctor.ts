import { doctorViewSchema, type DoctorView, type Trouble } from '@troncal/contracts';
import { path } from '../api/api-client.js';
import { ENVIRONMENT, environmentOf } from '../declarations/environment-of.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../output/printable.js';
import { facts } from '../output/table.js';
import { show, type Session } from '../session.js';
import { verb } from '../verb.js';

const TITLE: Readonly<Record<Trouble, string>> = {
  'not-registered': 'Phones do not register', 'codec-refused': 'Calls are refused with 488', 'menu-silent': 'The menu is silent', 'one-way-audio': 'One side hears nothing', other: 'Other errors of Twilio’s',
};

export const doctor = verb(
  'doctor [tenant]',
  'What is wrong with telephones at Twilio, why, and what to do; of all tenants when none is named. Ends with 1 when something is',
  (yargs) => yargs.positional('tenant', { type: 'string', describe: 'Its code' }).option('env', ENVIRONMENT),
  async (args, session) => {
    const environment = await environmentOf(session, args.env);
    const of = args.tenant === undefined ? [] : ['tenants', args.tenant.toLowerCase()];
    const view = await session.api.ask({ path: path('api', 'environments', environment, ...of, 'doctor') }, doctorViewSchema);
    show(session, view, () => text(view, session));
    return view.findings.length > 0 ? EXIT.failed : EXIT.ok;
  },
);

function text({ environment, tenants, findings, looked }: DoctorView, { style }: Session): string {
  const sections = looked.map(({ trouble, at }) => {
    const own = findings.filter((finding) => finding.trouble === trouble);
    const head = `${TITLE[trouble]}: ${own.length === 0 ? style.good('nothing found') : style.bad(`${own.length} found`)}\n`;
    if (own.length === 0) return `${head}  looked at: ${printable(at)}\n`;
    return head + own.map(({ tenant, found, cause, cure }) => facts([['tenant', tenant === '_' ? 'not known, or several' : tenant], ['found', found], ['cause', cause], ['cure', cure]], '  ')).join('\n');
  });
  return `${tenants.length === 1 ? `tenant ${printable(tenants[0] ?? '')}` : `${tenants.length} tenants`} in ${printable(environment)}\n\n${sections.join('\n')}`;
}
