import { environmentListSchema } from '@troncal/contracts';
import { usageError } from '../cli-error.js';
import type { Session } from '../session.js';

/** The environment a verb works on: the option, TRONCAL_ENVIRONMENT, else the only one there is. */
export async function environmentOf(session: Session, option: string | undefined): Promise<string> {
  const given = option ?? session.terminal.env['TRONCAL_ENVIRONMENT'];
  if (given !== undefined && given !== '') return given;
  const { environments } = await session.api.ask({ path: '/api/environments' }, environmentListSchema);
  const [only, ...more] = environments;
  if (only === undefined) throw usageError('there is no environment yet', 'Make one: troncal env create prod --domain NAME.sip.twilio.com --public-url https://HOST');
  if (more.length > 0) throw usageError('which environment?', `Give it with --env or TRONCAL_ENVIRONMENT: ${environments.map(({ name }) => name).join(', ')}`);
  return only.name;
}

/** The option that names it. */
export const ENVIRONMENT = { type: 'string', requiresArg: true, describe: 'Environment (else TRONCAL_ENVIRONMENT, else the only one)' } as const;
