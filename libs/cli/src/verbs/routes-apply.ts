import { readFileSync } from 'node:fs';
import { routeSchema, routeViewSchema } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import { path } from '../api/api-client.js';
import { checked } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { show } from '../session.js';
import { verb } from '../verb.js';

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw usageError(`${file === '-' ? 'standard input' : file} can’t be read as JSON: ${errorText(error)}`, 'See an existing one: troncal routes show CODE -o json');
  }
}

export const routesApply = verb(
  'apply <code>',
  'Declares a route from a file; calls in progress keep the route they began with',
  (yargs) =>
    yargs
      .positional('code', { type: 'string', demandOption: true, describe: 'Its code' })
      .option('file', { alias: 'f', type: 'string', demandOption: true, requiresArg: true, describe: 'JSON file, or - for standard input' })
      .option('tenant', { type: 'string', requiresArg: true, describe: 'Tenant (else TRONCAL_TENANT, else the demo’s)' }),
  async (args, session) => {
    const body = readJson(args.file);
    checked(args.file, routeSchema, body);
    const view = await session.api.ask({ method: 'PUT', path: path('api', 'tenants', session.context.tenant(args.tenant), 'routes', args.code), body }, routeViewSchema);
    show(session, view, () => `route ${view.code} is at revision ${view.revision}\n`);
    return EXIT.ok;
  },
);
