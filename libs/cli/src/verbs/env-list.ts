import { environmentListSchema } from '@troncal/contracts';
import { EXIT } from '../exit-codes.js';
import { table } from '../output/table.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

export const envList = verb(
  'list',
  'All environments',
  (yargs) => yargs,
  async (_args, session) => {
    const { environments } = await session.api.ask({ path: '/api/environments' }, environmentListSchema);
    show(session, environments, () =>
      table(
        environments,
        [
          { title: 'NAME', value: ({ name }) => name },
          { title: 'SIP DOMAIN', value: ({ domain }) => domain },
          { title: 'PUBLIC URL', value: ({ publicUrl }) => publicUrl },
          { title: 'TENANTS', value: ({ tenants }) => tenants, align: 'right' },
          { title: 'RAILS', value: ({ primary }) => (primary ? 'Twilio, Asterisk' : 'Twilio') },
        ],
        'No environments yet. Make one: troncal env create prod --domain NAME.sip.twilio.com --public-url https://HOST',
      ),
    );
    return EXIT.ok;
  },
);
